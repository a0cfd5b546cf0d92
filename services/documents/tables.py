"""Read models of the documents service. Times are microseconds since 1970 UTC, dates ISO text."""

import msgspec
import sqlalchemy as sa

from services.kernel.lists import alias_table
from services.kernel.lists.columns import BY_CODE_POINT, derived, fold, money_columns, text_columns

metadata = sa.MetaData(schema="views")


def _name(requisites: str) -> str | None:
    return fold(msgspec.json.decode(requisites)["name"])


def _inn(requisites: str) -> str | None:
    return fold(msgspec.json.decode(requisites)["inn"])


organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("requisites", sa.Text, nullable=False),
    derived("name_folded", BY_CODE_POINT, "requisites", _name),
    derived("inn_folded", BY_CODE_POINT, "requisites", _inn),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("number"),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("deal_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("date", sa.Text, nullable=False),
    sa.Column("due_date", sa.Text, nullable=False),
    sa.Column("lines", sa.Text, nullable=False),
    *money_columns("net"),
    *money_columns("vat"),
    *money_columns("total"),
    *money_columns("open"),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("basis", sa.Text),
    sa.Column("overdue", sa.Boolean, nullable=False),
    sa.Column("overdue_from", sa.Text),
    sa.Column("issued_event_id", sa.Text),
    sa.Column("pdf", sa.Text),
    sa.Column("pdf_size", sa.Integer),
    sa.Index("documents_by_client", "client_id"),
    sa.Index("documents_by_deal", "deal_id"),
    sa.Index("documents_by_overdue_from", "state", "overdue", "overdue_from"),
)

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text),
    sa.Column("date", sa.Text, nullable=False),
    *money_columns("amount", nullable=False),
    *money_columns("unallocated", nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    *text_columns("purpose"),
    sa.Column("allocations", sa.Text, nullable=False),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Index("payments_by_client", "client_id"),
)

entries = sa.Table(
    "entries",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text),
    sa.Column("date", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("debit", sa.Text, nullable=False),
    sa.Column("credit", sa.Text, nullable=False),
    sa.Index("entries_by_client", "client_id", "date"),
)

reconciliations = sa.Table(
    "reconciliations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("date_from", sa.Text, nullable=False),
    sa.Column("date_to", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("closing", sa.Text, nullable=False),
    sa.Column("pdf", sa.Text, nullable=False),
    sa.Column("pdf_size", sa.Integer, nullable=False),
)

client_aliases = alias_table("client_aliases", metadata)

buyers = sa.Table(
    "buyers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("full_name", sa.Text),
    sa.Column("inn", sa.Text),
    sa.Column("kpp", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("manager_id", sa.Text),
)

deals = sa.Table(
    "deals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("lines", sa.Text, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("opened_event_id", sa.Text, nullable=False),
)

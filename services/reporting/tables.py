"""Read models over everything that is published. Times are microseconds since 1970 UTC.

Every table belongs to one source and holds dated facts; what joins sources is computed
when it is asked for.
"""

import sqlalchemy as sa

from services.kernel.lists import alias_table
from services.kernel.lists.columns import BY_CODE_POINT, derived

metadata = sa.MetaData(schema="views")

client_aliases = alias_table("client_aliases", metadata)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("manager_id", sa.Text),
    sa.Index("clients_by_manager", "manager_id"),
)

deals = sa.Table(
    "deals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("amount", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Index("deals_by_pipeline", "pipeline", "stage"),
)

stage_moves = sa.Table(
    "stage_moves",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("deal_id", sa.Text, nullable=False),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("moved_at", sa.BigInteger, nullable=False),
    sa.Index("stage_moves_by_stage", "pipeline", "stage"),
)

leads = sa.Table(
    "leads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("assignee_id", sa.Text),
    sa.Column("client_id", sa.Text),
    sa.Column("deal_id", sa.Text),
    sa.Column("captured_at", sa.BigInteger, nullable=False),
    sa.Index("leads_by_time", "captured_at"),
)

lead_sources = sa.Table(
    "lead_sources",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)

invoices = sa.Table(
    "invoices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("date", sa.Text, nullable=False),
    sa.Column("due_date", sa.Text, nullable=False),
    sa.Column("total", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("cancelled_on", sa.Text),
    sa.Index("invoices_by_client", "client_id"),
)

allocations = sa.Table(
    "allocations",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("invoice_id", sa.Text, nullable=False),
    sa.Column("date", sa.Text, nullable=False),
    sa.Column("amount", sa.Text, nullable=False),
    sa.Index("allocations_by_invoice", "invoice_id"),
)


def mark(place: str) -> str:
    """`deals:17`: the position in its source of what stands at a place."""
    _, source, position = place.split("-")
    return f"{source}:{int(position)}"


timeline = sa.Table(
    "timeline",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    derived("mark", BY_CODE_POINT, "place", mark),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Index("timeline_by_client", "client_id", "place"),
)

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("resource", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("requested_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("size", sa.BigInteger),
    sa.Column("hash", sa.Text),
    sa.Column("downloads", sa.Integer, nullable=False),
    sa.Index("exports_by_requester", "requested_by"),
    sa.Index("exports_by_expiry", "expires_at"),
)

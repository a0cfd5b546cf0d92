"""Read models of the deals service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

from services.kernel.lists import alias_table
from services.kernel.lists.columns import money_columns, text_columns

metadata = sa.MetaData(schema="views")

deals = sa.Table(
    "deals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    *text_columns("title"),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    *text_columns("reason"),
    sa.Column("lines", sa.Text, nullable=False),
    *money_columns("amount", nullable=False),
    *money_columns("paid", nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text),
    sa.Column("manager_id", sa.Text),
    *text_columns("source", nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("stage_since", sa.BigInteger, nullable=False),
    sa.Index("deals_by_client", "client_id"),
    sa.Index("deals_by_stage", "stage"),
    sa.Index("deals_by_manager", "manager_id"),
)

client_aliases = alias_table("client_aliases", metadata)

known_clients = sa.Table(
    "known_clients", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("manager_id", sa.Text)
)
known_organisations = sa.Table("known_organisations", metadata, sa.Column("id", sa.Text, primary_key=True))

active_users = sa.Table("active_users", metadata, sa.Column("id", sa.Text, primary_key=True))

hand_overs = sa.Table(
    "hand_overs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("started_by", sa.Text, nullable=False),
)

handed_deals = sa.Table(
    "handed_deals",
    metadata,
    sa.Column("operation_id", sa.Text, primary_key=True),
    sa.Column("deal_id", sa.Text, primary_key=True),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("ru", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
)

"""Read models of the deals service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")

deals = sa.Table(
    "deals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("pipeline", sa.Text, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("lines", sa.Text, nullable=False),
    sa.Column("amount", sa.Text, nullable=False),
    sa.Column("paid", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text),
    sa.Column("manager_id", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("stage_since", sa.BigInteger, nullable=False),
    sa.Index("deals_by_client", "client_id"),
    sa.Index("deals_by_stage", "stage"),
)

known_clients = sa.Table("known_clients", metadata, sa.Column("id", sa.Text, primary_key=True))
known_organisations = sa.Table("known_organisations", metadata, sa.Column("id", sa.Text, primary_key=True))

active_users = sa.Table("active_users", metadata, sa.Column("id", sa.Text, primary_key=True))

"""Read models of what people have agreed to, and of who was forgotten."""

import sqlalchemy as sa

from services.clients.tables.metadata import metadata
from services.kernel.lists.columns import text_columns

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("reason"),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("requested_at", sa.BigInteger, nullable=False),
    sa.Column("erased_at", sa.BigInteger),
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("text_version"),
    *text_columns("source"),
    sa.Column("given_at", sa.BigInteger, nullable=False),
    sa.Column("revoked_at", sa.BigInteger),
    *text_columns("revoked_by_way_of"),
    *text_columns("proof"),
    sa.Index("consents_by_person", "person"),
)

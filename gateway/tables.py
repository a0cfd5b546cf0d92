"""Read models of the gateway. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

from services.kernel.lists.columns import text_columns

metadata = sa.MetaData(schema="views")

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    *text_columns("name"),
    *text_columns("email"),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    *text_columns("name", nullable=False),
    sa.Column("secret_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

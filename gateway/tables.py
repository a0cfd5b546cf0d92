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
    sa.Column("invited_until", sa.BigInteger),
    sa.Column("password_set_at", sa.BigInteger),
    # clocks may stand still, positions do not
    sa.Column("password_position", sa.BigInteger, nullable=False),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    *text_columns("name", nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.Text, nullable=False),
    sa.Column("former_hash", sa.Text),
    sa.Column("former_until", sa.BigInteger),
    sa.Column("scopes", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("last_used_at", sa.BigInteger),
)

calendar_feeds = sa.Table(
    "calendar_feeds",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    *text_columns("name"),
    sa.Column("secret_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("rotated_at", sa.BigInteger),
    sa.Index("calendar_feeds_by_user", "user_id"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.Text, nullable=False),
    sa.Column("address", sa.Text),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger, nullable=False),
    sa.Column("last_used_at", sa.BigInteger, nullable=False),
    sa.Index("sessions_by_user", "user_id"),
)

# roles that the company made; the built-in ones are in the code
roles = sa.Table(
    "roles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("built_in", sa.Boolean, nullable=False),
    sa.Column("permissions", sa.Text, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),
    sa.Column("masked", sa.Text, nullable=False),
)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    *text_columns("name", nullable=False),
    sa.Column("members", sa.Text, nullable=False),
)

team_members = sa.Table(
    "team_members",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, primary_key=True),
    sa.Index("members_by_team", "team_id"),
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("details", sa.Text, nullable=False),
    sa.Index("access_by_time", "at"),
    sa.Index("access_by_user", "user_id"),
)

"""Read models of the notifications service, and how far its webhooks have come, which is kept
beside the events as it can be made again from nothing. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

from services.kernel.lists import alias_table
from services.kernel.lists.columns import text_columns, texts_columns

metadata = sa.MetaData(schema="views")
kept = sa.MetaData(schema="store")

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("document_id", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("reason"),
    *text_columns("address"),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("planned_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Index("messages_by_client", "client_id"),
    sa.Index("messages_by_document", "document_id"),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    *text_columns("reason"),
    *text_columns("address"),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("planned_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Index("notices_by_user", "user_id"),
)

client_aliases = alias_table("client_aliases", metadata)

recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("contact_person", sa.Text),
    sa.Column("emails", sa.Text, nullable=False),
    sa.Column("manager_id", sa.Text),
)

organisations = sa.Table(
    "organisations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
)

invoice_files = sa.Table(
    "invoice_files",
    metadata,
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    *texts_columns("types"),
    *texts_columns("sources"),
    *texts_columns("subjects"),
    *text_columns("description", nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("replay", sa.Text),
    sa.Index("webhooks_by_state", "state"),
    sa.Index("webhooks_by_owner", "owner_id"),
)

# One row for each webhook, changed by compare-and-set on `revision`. `positions` and `replayed`
# are JSON: by source, the position up to which everything was delivered.
webhook_cursors = sa.Table(
    "webhook_cursors",
    kept,
    sa.Column("webhook_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("positions", sa.Text, nullable=False),
    sa.Column("replay_id", sa.Text),
    sa.Column("replayed", sa.Text, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failing_since", sa.BigInteger),
    sa.Column("due_at", sa.BigInteger, nullable=False),
)

webhook_attempts = sa.Table(
    "webhook_attempts",
    kept,
    sa.Column("webhook_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)

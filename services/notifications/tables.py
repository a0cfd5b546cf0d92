"""Read models of the notifications service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")

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
    sa.Column("reason", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("planned_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Index("messages_by_client", "client_id"),
)

recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("contact_person", sa.Text),
    sa.Column("emails", sa.Text, nullable=False),
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

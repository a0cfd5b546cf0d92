"""Read models of the clients service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("full_name", sa.Text),
    sa.Column("inn", sa.Text),
    sa.Column("kpp", sa.Text),
    sa.Column("ogrn", sa.Text),
    sa.Column("phones", sa.Text, nullable=False),
    sa.Column("emails", sa.Text, nullable=False),
    sa.Column("contact_person", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("city", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Index("clients_by_inn", "inn"),
    sa.Index("clients_by_manager", "manager_id"),
)

"""Read models of the clients service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("document_id", sa.Text),
    sa.Column("assignee_id", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("due_date", sa.Text, nullable=False),
    sa.Column("completed", sa.Boolean, nullable=False),
    sa.Column("result", sa.Text),
    sa.Index("tasks_by_client", "client_id"),
    sa.Index("tasks_by_assignee", "assignee_id"),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Index("users_by_name", "name_key"),
)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
)

import_rows = sa.Table(
    "import_rows",
    metadata,
    sa.Column("import_id", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("problems", sa.Text, nullable=False),
)

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
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Index("clients_by_inn", "inn"),
    sa.Index("clients_by_manager", "manager_id"),
)

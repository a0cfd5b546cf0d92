"""Read models of the clients service. Times are microseconds since 1970 UTC."""

import sqlalchemy as sa

from services.kernel.lists.columns import text_columns, texts_columns

metadata = sa.MetaData(schema="views")

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("document_id", sa.Text),
    sa.Column("assignee_id", sa.Text),
    sa.Column("author_id", sa.Text, nullable=False),
    *text_columns("title"),
    sa.Column("due_date", sa.Text, nullable=False),
    sa.Column("completed", sa.Boolean, nullable=False),
    *text_columns("result"),
    sa.Index("tasks_by_client", "client_id"),
    sa.Index("tasks_by_assignee", "assignee_id"),
    sa.Index("tasks_by_author", "author_id"),
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

operations = sa.Table(
    "operations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("counts", sa.Text, nullable=False),
    sa.Column("started_by", sa.Text, nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    *text_columns("file_name"),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("reverts", sa.Text),
    sa.Column("reverted_by", sa.Text),
    sa.Index("operations_by_start", "started_at"),
)

operation_rows = sa.Table(
    "operation_rows",
    metadata,
    sa.Column("operation_id", sa.Text, primary_key=True),
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Column("before", sa.Integer, nullable=False),
    sa.Column("after", sa.Integer, nullable=False),
)

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    *text_columns("name"),
    *text_columns("full_name"),
    *text_columns("inn"),
    *text_columns("kpp"),
    *text_columns("ogrn"),
    *texts_columns("phones"),
    *texts_columns("emails"),
    *text_columns("contact_person"),
    *text_columns("address"),
    *text_columns("city"),
    *text_columns("source"),
    *text_columns("note"),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Index("clients_by_inn", "inn_folded"),
    sa.Index("clients_by_name", "name_folded"),
    sa.Index("clients_by_manager", "manager_id"),
)

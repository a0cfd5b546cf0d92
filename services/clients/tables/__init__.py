"""Read models of the clients service. Times are microseconds since 1970 UTC."""

from typing import Any

import sqlalchemy as sa

from services.clients.commands.card import FIELDS, CardField
from services.clients.tables.metadata import metadata
from services.kernel.lists import alias_table
from services.kernel.lists.columns import BY_CODE_POINT, any_part_index, money_columns, text_columns, texts_columns

# what is said of an interaction in free text
SAID = ("subject", "project", "goals", "content", "agreements", "improvement", "reason", "resolution")

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("document_id", sa.Text),
    sa.Column("interaction_id", sa.Text),
    sa.Column("lead_id", sa.Text),
    sa.Column("assignee_id", sa.Text),
    sa.Column("author_id", sa.Text, nullable=False),
    *text_columns("title"),
    *text_columns("project"),
    sa.Column("due_date", sa.Text, nullable=False),
    sa.Column("due_at", sa.BigInteger),
    sa.Column("deadline", sa.BigInteger),
    sa.Column("remind_minutes", sa.Text, nullable=False),
    sa.Column("repeat", sa.Text),
    sa.Column("repeats", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("completed", sa.Boolean, nullable=False),
    sa.Column("completed_at", sa.BigInteger),
    sa.Column("overdue", sa.Boolean, nullable=False),
    *text_columns("result"),
    *text_columns("reason"),
    sa.Index("tasks_by_client", "client_id"),
    sa.Index("tasks_by_assignee", "assignee_id"),
    sa.Index("tasks_by_author", "author_id"),
    sa.Index("tasks_by_deadline", "state", "deadline"),
)

# those that the assignee has not had yet
task_reminders = sa.Table(
    "task_reminders",
    metadata,
    sa.Column("task_id", sa.Text, primary_key=True),
    sa.Column("remind_at", sa.Text, primary_key=True),
    sa.Column("due", sa.BigInteger, nullable=False),
    sa.Index("task_reminders_by_time", "due"),
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
    sa.Column("user_id", sa.Text),
    sa.Column("successor_id", sa.Text),
    sa.Column("reverts", sa.Text),
    sa.Column("reverted_by", sa.Text),
    sa.Column("existing", sa.Text),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Column("failed_rows", sa.Integer, nullable=False),
    sa.Column("failed_rows_until", sa.BigInteger),
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
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text),
    sa.Column("problems", sa.Text, nullable=False),
    sa.Column("before", sa.Integer, nullable=False),
    sa.Column("after", sa.Integer, nullable=False),
)


def card_columns(field: CardField) -> tuple[sa.Column[Any], ...]:
    """The columns of one field of a card."""
    if field.kind == "text":
        return text_columns(field.name)
    if field.kind == "money":
        return money_columns(field.name)
    if field.kind == "number":
        return (sa.Column(field.name, sa.BigInteger),)
    if field.kind in ("date", "choice"):
        return (sa.Column(field.name, sa.Text),)
    return texts_columns(field.name)


clients = sa.Table(
    "clients",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    *(column for field in FIELDS for column in card_columns(field)),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("checked_at", sa.BigInteger),
    sa.Column("checked_by", sa.Text),
    sa.Column("vip", sa.Boolean, nullable=False),
    sa.Column("manager_id", sa.Text),
    sa.Column("merged_into", sa.Text),
    sa.Column("merged_ids", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    any_part_index("clients_by_part", "searched"),
    any_part_index("clients_by_part_of_phone", "phones_folded"),
    any_part_index("clients_by_part_of_email", "emails_folded"),
    sa.Index("clients_by_inn", "inn_folded"),
    sa.Index("clients_by_name", "name_folded"),
    sa.Index("clients_by_manager", "manager_id"),
)

# what cards hold in fields of the company's own; one of the columns, by the field's kind
client_values = sa.Table(
    "client_values",
    metadata,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("text", BY_CODE_POINT),
    sa.Column("whole", sa.BigInteger),
)

# of which clients something has come already: what, by where it is written
client_uses = sa.Table(
    "client_uses",
    metadata,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
)

# what tells that two clients may be one
client_keys = sa.Table(
    "client_keys",
    metadata,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("by", BY_CODE_POINT, primary_key=True),
    sa.Column("key", BY_CODE_POINT, primary_key=True),
    sa.Index("client_keys_by_key", "by", "key"),
)

client_aliases = alias_table("client_aliases", metadata)

vip_managers = sa.Table(
    "vip_managers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("named_by", sa.Text, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
)

merges = sa.Table(
    "merges",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("merged_id", sa.Text, nullable=False),
    sa.Column("moved", sa.Text, nullable=False),
    sa.Column("fields", sa.Text, nullable=False),
    sa.Column("merged_at", sa.BigInteger, nullable=False),
    sa.Column("merged_by", sa.Text, nullable=False),
    sa.Column("unmerged_at", sa.BigInteger),
    sa.Column("unmerged_by", sa.Text),
    sa.Column("given_back", sa.Text, nullable=False),
    sa.Column("left", sa.Text, nullable=False),
    sa.Index("merges_by_client", "client_id"),
    sa.Index("merges_by_merged", "merged_id"),
)

dictionary_entries = sa.Table(
    "dictionary_entries",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("dictionary", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    *text_columns("name"),
    sa.Column("parent", sa.Text),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Index("dictionary_entries_by_dictionary", "dictionary", "parent"),
)

client_fields = sa.Table(
    "client_fields",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    *text_columns("label"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("block", sa.Text, nullable=False),
    sa.Column("dictionary", sa.Text, nullable=False),
    sa.Column("custom", sa.Boolean, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
)

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    *text_columns("name"),
    *texts_columns("phones"),
    *texts_columns("emails"),
    *texts_columns("links"),
    sa.Column("birthday", sa.Text),
    sa.Column("preferred_channel", sa.Text),
    *texts_columns("interests"),
    *text_columns("note"),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("responsible_id", sa.Text),
    sa.Column("clients", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Index("contacts_by_name", "name_folded"),
    sa.Index("contacts_by_responsible", "responsible_id"),
)

# whom a contact person stands for now, or stood for once
contact_links = sa.Table(
    "contact_links",
    metadata,
    sa.Column("contact_id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("current", sa.Boolean, nullable=False),
    sa.Index("contact_links_by_client", "client_id", "contact_id"),
)

interactions = sa.Table(
    "interactions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("starts_at", sa.BigInteger, nullable=False),
    sa.Column("ends_at", sa.BigInteger),
    sa.Column("direction", sa.Text),
    sa.Column("employee_id", sa.Text),
    sa.Column("author_id", sa.Text, nullable=False),
    *texts_columns("participants"),
    *texts_columns("contact_ids"),
    sa.Column("important", sa.Boolean, nullable=False),
    sa.Column("basis", sa.Text),
    sa.Column("complaint_subject", sa.Text),
    *(column for name in SAID for column in text_columns(name)),
    sa.Column("result", sa.Text),
    sa.Column("satisfaction", sa.Integer),
    sa.Column("served_in_time", sa.Boolean),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("open_complaint", sa.Boolean, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("interactions_by_client", "client_id", "starts_at"),
    sa.Index("interactions_by_employee", "employee_id", "starts_at"),
    sa.Index("interactions_by_start", "starts_at"),
)

interaction_contacts = sa.Table(
    "interaction_contacts",
    metadata,
    sa.Column("interaction_id", sa.Text, primary_key=True),
    sa.Column("contact_id", sa.Text, primary_key=True),
    sa.Index("interaction_contacts_by_contact", "contact_id", "interaction_id"),
)

"""Read models of leads."""

import sqlalchemy as sa

from services.clients.tables.metadata import metadata
from services.kernel.lists.columns import text_columns, texts_columns

leads = sa.Table(
    "leads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("recommended_by", sa.Text),
    sa.Column("form_id", sa.Text),
    *texts_columns("utm"),
    *(column for name in ("name", "company", "inn", "wants", "page") for column in text_columns(name)),
    *(column for name in ("phones", "emails", "links", "answers") for column in texts_columns(name)),
    sa.Column("consents", sa.Text, nullable=False),
    sa.Column("searched", sa.Text, nullable=False),
    # of one client that is known he is the same; of several he may be any
    sa.Column("known_client_id", sa.Text),
    sa.Column("assignee_id", sa.Text),
    sa.Column("task_id", sa.Text),
    sa.Column("client_id", sa.Text),
    sa.Column("deal_id", sa.Text),
    sa.Column("deal_problem", sa.Text),
    sa.Column("reason", sa.Text),
    *text_columns("comment"),
    sa.Column("captured_by", sa.Text, nullable=False),
    sa.Column("captured_at", sa.BigInteger, nullable=False),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Index("leads_by_time", "captured_at"),
    sa.Index("leads_by_assignee", "assignee_id", "state"),
    sa.Index("leads_by_client", "client_id"),
    sa.Index("leads_by_known_client", "known_client_id"),
)

# the clients that a lead may be
lead_candidates = sa.Table(
    "lead_candidates",
    metadata,
    sa.Column("lead_id", sa.Text, primary_key=True),
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Index("lead_candidates_by_client", "client_id"),
)

# clients whose erasure the leads have heard of
lead_erasures = sa.Table("lead_erasures", metadata, sa.Column("client_id", sa.Text, primary_key=True))

lead_rules = sa.Table(
    "lead_rules",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("assignees", sa.Text, nullable=False),
    sa.Column("to_known_manager", sa.Boolean, nullable=False),
    sa.Column("contact_minutes", sa.Integer, nullable=False),
)

lead_forms = sa.Table(
    "lead_forms",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
    *text_columns("title"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("asks", sa.Text, nullable=False),
    sa.Column("origins", sa.Text, nullable=False),
    sa.Column("consent", sa.Text, nullable=False),
    sa.Column("redirect", sa.Text, nullable=False),
    sa.Column("trap", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("lead_forms_by_token", "token"),
)

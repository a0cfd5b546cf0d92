"""Read models of questionnaires and answers."""

import sqlalchemy as sa

from services.clients.tables.metadata import metadata
from services.kernel.lists.columns import text_columns

questionnaires = sa.Table(
    "questionnaires",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    *text_columns("title"),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("questions", sa.Text, nullable=False),
    sa.Column("rated_by", sa.Text, nullable=False),
    sa.Column("earlier", sa.Text, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)

questionnaire_answers = sa.Table(
    "questionnaire_answers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("questionnaire", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Column("contact_id", sa.Text),
    sa.Column("interaction_id", sa.Text),
    sa.Column("deal_id", sa.Text),
    sa.Column("answered_at", sa.BigInteger, nullable=False),
    sa.Column("rating", sa.Integer),
    sa.Column("answers", sa.Text),
    sa.Column("author_id", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.BigInteger, nullable=False),
    sa.Index("questionnaire_answers_by_client", "client_id", "answered_at"),
    sa.Index("questionnaire_answers_by_rating", "questionnaire", "rating"),
)

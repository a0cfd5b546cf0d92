"""Questionnaires and answers: rows to views."""

from collections.abc import Collection

import sqlalchemy as sa

from services.clients.queries.aliases import ALIASES, clients_of
from services.clients.tables import questionnaires as t
from services.kernel.lists import Field, Kind, Resource

QUESTIONNAIRES = Resource(
    "questionnaire",
    "code",
    t.questionnaires,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("title", Kind.TEXT),
        Field("edition", Kind.NUMBER),
        Field("questions", Kind.JSON),
        Field("rated_by", Kind.WORD),
        Field("earlier", Kind.JSON),
        Field("retired", Kind.FLAG),
        Field("created_at", Kind.TIME),
    ),
)


def _of_clients_of(users: Collection[str]) -> sa.ColumnElement[bool]:
    return t.questionnaire_answers.c.client_id.in_(clients_of(users))


ANSWERS = Resource(
    "questionnaire_answer",
    "answer_id",
    t.questionnaire_answers,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("questionnaire", Kind.WORD),
        Field("edition", Kind.NUMBER),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("contact_id", Kind.ID),
        Field("interaction_id", Kind.ID),
        Field("deal_id", Kind.ID),
        Field("answered_at", Kind.TIME),
        Field("rating", Kind.NUMBER),
        Field("answers", Kind.JSON),
        Field("author_id", Kind.ID),
        Field("recorded_at", Kind.TIME),
    ),
    owners=(t.questionnaire_answers.c.author_id,),
    through=_of_clients_of,
)

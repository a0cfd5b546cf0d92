"""Questionnaires and answers: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.questionnaires import (
    AddQuestionnaire,
    AnswerQuestionnaire,
    ChangeQuestionnaire,
    Question,
)
from services.clients.schemas.dictionaries import Code
from services.kernel.clock import to_iso
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id, Moment, Text, WholeNumber
from services.kernel.validation import NothingToChange

KINDS = ("text", "number", "choice", "choices", "scale", "flag")
MOST_QUESTIONS, MOST_CHOICES, HIGHEST = 100, 50, 100
CODE = r"[a-z][a-z0-9_]{0,39}"


class QuestionSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    code = Code(CODE, required=True)
    text = Text(1000, required=True, min_length=1)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    required = Flag()
    choices = ma.fields.List(Text(200, min_length=1), validate=validate.Length(max=MOST_CHOICES))
    lowest = WholeNumber(validate=validate.Range(0, HIGHEST), metadata={"description": "Of a scale; 1 without it"})
    highest = WholeNumber(validate=validate.Range(0, HIGHEST), metadata={"description": "Of a scale; 5 without it"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Question:
        return Question(**{**data, "choices": tuple(data.get("choices", ()))})


def _questions(**kwargs: Any) -> ma.fields.List[Any]:
    return ma.fields.List(ma.fields.Nested(QuestionSchema), validate=validate.Length(1, MOST_QUESTIONS), **kwargs)


class AddQuestionnaireSchema(CommandSchema):
    command = AddQuestionnaire

    code = Code(CODE, required=True)
    title = Text(200, required=True, min_length=1)
    questions = _questions(required=True)
    rated_by = Text(40, metadata={"description": "Code of the question on a scale that is the rating"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddQuestionnaire:
        return AddQuestionnaire(**{**data, "questions": tuple(data["questions"])})


class ChangeQuestionnaireSchema(CommandSchema):
    command = ChangeQuestionnaire

    code = Text(40, required=True, min_length=1)
    title = Text(200, min_length=1)
    questions = _questions()
    rated_by = Text(40)
    retired = Flag(metadata={"description": "Nothing is answered any more"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeQuestionnaire:
        code = data.pop("code")
        if not data:
            raise NothingToChange
        if "questions" in data:
            data["questions"] = tuple(data["questions"])
        return ChangeQuestionnaire(code, data)


class AnswerQuestionnaireSchema(CommandSchema):
    command = AnswerQuestionnaire

    questionnaire = Text(40, required=True, min_length=1)
    client_id = Id(required=True)
    answers = ma.fields.Dict(
        keys=Text(40, min_length=1),
        values=ma.fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(max=MOST_QUESTIONS),
        metadata={"description": "By the codes of the questions; numbers are strings, those on a scale are whole"},
    )
    edition = WholeNumber(
        validate=validate.Range(1, 10**6),
        allow_none=True,
        metadata={"description": "Which edition was asked; the latest without it"},
    )
    answered_at = Moment(allow_none=True, metadata={"description": "Now without it"})
    contact_id = Id(allow_none=True, metadata={"description": "The contact person who has answered"})
    interaction_id = Id(allow_none=True)
    deal_id = Id(allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AnswerQuestionnaire:
        if data.get("answered_at") is not None:
            data["answered_at"] = to_iso(data["answered_at"])
        return AnswerQuestionnaire(**data)


class QuestionView(ma.Schema):
    code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    required = ma.fields.Boolean(required=True)
    choices = ma.fields.List(ma.fields.String(), required=True)
    lowest = ma.fields.Integer(required=True)
    highest = ma.fields.Integer(required=True)


class EditionView(ma.Schema):
    edition = ma.fields.Integer(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionView), required=True)
    rated_by = ma.fields.String(required=True)


class QuestionnaireView(ma.Schema):
    id = ma.fields.String(required=True, metadata={"description": "Its code"})
    version = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    edition = ma.fields.Integer(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionView), required=True)
    rated_by = ma.fields.String(required=True)
    earlier = ma.fields.List(ma.fields.Nested(EditionView), required=True)
    retired = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


class GetQuestionnaireSchema(ma.Schema):
    code = Text(40, required=True, min_length=1)


class ListQuestionnairesSchema(ResourceListSchema):
    retired = ma.fields.Boolean()


class QuestionnaireAnswerView(ma.Schema):
    """`answers` are null once the client is forgotten; the rating stays."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    questionnaire = ma.fields.String(required=True)
    edition = ma.fields.Integer(required=True)
    client_id = ma.fields.String(required=True)
    contact_id = ma.fields.String(required=True, allow_none=True)
    interaction_id = ma.fields.String(required=True, allow_none=True)
    deal_id = ma.fields.String(required=True, allow_none=True)
    answered_at = ma.fields.AwareDateTime(required=True)
    rating = ma.fields.Integer(required=True, allow_none=True)
    answers = ma.fields.Dict(required=True, allow_none=True)
    author_id = ma.fields.String(required=True)
    recorded_at = ma.fields.AwareDateTime(required=True)


class GetQuestionnaireAnswerSchema(ma.Schema):
    answer_id = Id(required=True)


class ListQuestionnaireAnswersSchema(ResourceListSchema):
    questionnaire = Text(40)
    client_id = Id()
    contact_id = Id()
    interaction_id = Id()
    deal_id = Id()
    rating = WholeNumber()


class QuestionnaireAddedSchema(EventSchema):
    code = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionView), required=True)
    rated_by = ma.fields.String(required=True)


class QuestionnaireChangedSchema(EventSchema):
    code = ma.fields.String(required=True)
    edition = ma.fields.Integer(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)


class QuestionnaireAnsweredSchema(EventSchema):
    answer_id = ma.fields.String(required=True)
    questionnaire = ma.fields.String(required=True)
    edition = ma.fields.Integer(required=True)
    client_id = ma.fields.String(required=True)
    answered_at = ma.fields.AwareDateTime(required=True)
    rating = ma.fields.Integer(required=True, allow_none=True)
    contact_id = ma.fields.String(required=True, allow_none=True)
    interaction_id = ma.fields.String(required=True, allow_none=True)
    deal_id = ma.fields.String(required=True, allow_none=True)
    answers = ma.fields.Dict(allow_none=True)

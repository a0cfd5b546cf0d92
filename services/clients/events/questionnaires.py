"""What happens to questionnaires and their answers. What a client has answered is personal to him;
the rating alone is left of one who was forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.clients.commands.questionnaires import Question
from services.kernel.events import PersonalFields, PersonKey, event


def _of_client(happened: Any) -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): ("answers",)}


@event("QuestionnaireAdded")
@dataclass(frozen=True, slots=True)
class QuestionnaireAdded:
    code: str
    title: str
    questions: tuple[Question, ...]
    rated_by: str


@event("QuestionnaireChanged")
@dataclass(frozen=True, slots=True)
class QuestionnaireChanged:
    """`edition` is the one in force from now on: another only where other things are asked."""

    code: str
    edition: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@event("QuestionnaireAnswered", personal=_of_client)
@dataclass(frozen=True, slots=True)
class QuestionnaireAnswered:
    answer_id: str
    questionnaire: str
    edition: int
    client_id: str
    answered_at: str
    rating: int | None
    contact_id: str | None
    interaction_id: str | None
    deal_id: str | None
    answers: Mapping[str, Any] | None = None

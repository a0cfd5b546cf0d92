"""What can be asked about questionnaires, and what clients have answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.kernel.ids import new_id

QuestionKind = Literal["text", "number", "choice", "choices", "scale", "flag"]


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are those of a choice; `lowest` and `highest` are the ends of a scale."""

    code: str
    text: str
    kind: QuestionKind
    required: bool = False
    choices: tuple[str, ...] = ()
    lowest: int = 1
    highest: int = 5


@dataclass(frozen=True, slots=True)
class AddQuestionnaire:
    """`rated_by` is the question on a scale whose answer is the rating; empty for none."""

    code: str
    title: str
    questions: tuple[Question, ...]
    rated_by: str = ""


@dataclass(frozen=True, slots=True)
class ChangeQuestionnaire:
    """Changes the named fields only."""

    code: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerQuestionnaire:
    """What a client, or who stands for him, has answered. Without an `edition` it is the latest that
    was asked, without a time it was now."""

    questionnaire: str
    client_id: str
    answers: Mapping[str, Any]
    edition: int | None = None
    answered_at: str | None = None
    contact_id: str | None = None
    interaction_id: str | None = None
    deal_id: str | None = None
    answer_id: str = field(default_factory=new_id)

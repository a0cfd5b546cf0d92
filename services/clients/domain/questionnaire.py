"""A questionnaire of the company's own: what it asks, edition by edition, and what is an answer to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from services.clients.commands.questionnaires import (
    AddQuestionnaire,
    AnswerQuestionnaire,
    ChangeQuestionnaire,
    Question,
)
from services.clients.events.questionnaires import QuestionnaireAdded, QuestionnaireAnswered, QuestionnaireChanged
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.text import tidy

OF_CHOICE = ("choice", "choices")
LONGEST = 5000
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


class QuestionnaireRetired(Refusal):
    ru = "Опросник больше не применяется"
    en = "The questionnaire is retired"


@dataclass(frozen=True, slots=True)
class Edition:
    questions: tuple[Question, ...]
    rated_by: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    code: str
    title: str
    editions: tuple[Edition, ...]
    retired: bool = False

    @property
    def latest(self) -> Edition:
        return self.editions[-1]


@dataclass(frozen=True, slots=True)
class Answer:
    id: str


def add_questionnaire(command: AddQuestionnaire) -> list[QuestionnaireAdded]:
    _check(Edition(command.questions, command.rated_by))
    return [QuestionnaireAdded(command.code, command.title, command.questions, command.rated_by)]


def change_questionnaire(held: Questionnaire, command: ChangeQuestionnaire) -> list[QuestionnaireChanged]:
    """Whoever asks other things, or rates by another question, begins an edition."""
    fields = {
        "title": held.title,
        "questions": held.latest.questions,
        "rated_by": held.latest.rated_by,
        "retired": held.retired,
    }
    after = {name: value for name, value in command.changes.items() if fields[name] != value}
    if not after:
        return []
    edition = Edition(after.get("questions", held.latest.questions), after.get("rated_by", held.latest.rated_by))
    _check(edition)
    number = len(held.editions) + (edition != held.latest)
    return [QuestionnaireChanged(held.code, number, {name: fields[name] for name in after}, after)]


def answer_questionnaire(held: Questionnaire, command: AnswerQuestionnaire, now: str) -> list[QuestionnaireAnswered]:
    if held.retired:
        raise QuestionnaireRetired
    edition, answered_at = command.edition or len(held.editions), command.answered_at or now
    if edition > len(held.editions):
        raise Invalid([FieldError("edition", "unknown-edition", "Такой редакции нет", "There is no such edition")])
    if answered_at > now:
        ru, en = "Ответы не бывают получены в будущем", "Nothing is answered in the future"
        raise Invalid([FieldError("answered_at", "in-the-future", ru, en)])
    asked = held.editions[edition - 1]
    answers = read_answers(asked, command.answers)
    return [
        QuestionnaireAnswered(
            command.answer_id,
            held.code,
            edition,
            command.client_id,
            answered_at,
            answers.get(asked.rated_by),
            command.contact_id,
            command.interaction_id,
            command.deal_id,
            answers,
        )
    ]


def read_answers(edition: Edition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered, in the order of the questions; nothing is no answer."""
    questions = {question.code: question for question in edition.questions}
    wrong = [
        FieldError(f"answers.{code}", "unknown-question", "Такого вопроса нет", "There is no such question")
        for code in answers
        if code not in questions
    ]
    read: dict[str, Any] = {}
    for code, question in questions.items():
        value = answers.get(code)
        if value is None or value in ("", []):
            if question.required:
                wrong.append(FieldError(f"answers.{code}", "required", "Обязательный вопрос", "A required question"))
            continue
        try:
            read[code] = _READ[question.kind](question, value)
        except ValueError:
            ru, en = _NEEDED[question.kind]
            wrong.append(FieldError(f"answers.{code}", "wrong-value", f"Нужно: {ru}", f"Must be: {en}"))
    if not read and not wrong:
        wrong.append(FieldError("answers", "required", "Нет ни одного ответа", "Nothing is answered"))
    if wrong:
        raise Invalid(wrong)
    return read


def evolve(held: Questionnaire | None, event: QuestionnaireAdded | QuestionnaireChanged) -> Questionnaire:
    if isinstance(event, QuestionnaireAdded):
        return Questionnaire(event.code, event.title, (Edition(event.questions, event.rated_by),))
    assert held is not None
    after: dict[str, Any] = dict(event.after)
    edition = Edition(
        msgspec.convert(after.pop("questions", held.latest.questions), tuple[Question, ...]),
        after.pop("rated_by", held.latest.rated_by),
    )
    editions = (*held.editions, edition) if event.edition > len(held.editions) else held.editions
    return replace(held, editions=editions, **after)


def evolve_answer(_answer: Answer | None, event: QuestionnaireAnswered) -> Answer:
    return Answer(event.answer_id)


def _check(edition: Edition) -> None:
    codes = [question.code for question in edition.questions]
    wrong = [
        FieldError(f"questions.{number}.code", "repeated", "Код повторяется", "The code is repeated")
        for number, code in enumerate(codes)
        if code in codes[:number]
    ]
    for number, question in enumerate(edition.questions):
        wrong += _wrong_question(f"questions.{number}", question)
    rating = [question.kind for question in edition.questions if question.code == edition.rated_by]
    if edition.rated_by and rating != ["scale"]:
        ru, en = "Оценкой может быть вопрос со шкалой", "The rating must be a question on a scale"
        wrong.append(FieldError("rated_by", "not-a-scale", ru, en))
    if wrong:
        raise Invalid(wrong)


def _wrong_question(field: str, question: Question) -> list[FieldError]:
    if question.kind in OF_CHOICE and len(set(question.choices)) < max(2, len(question.choices)):
        ru, en = "Нужны хотя бы два варианта, все разные", "At least two choices are needed, all different"
        return [FieldError(f"{field}.choices", "wrong-choices", ru, en)]
    if question.kind not in OF_CHOICE and question.choices:
        return [FieldError(f"{field}.choices", "not-a-choice", "Вопрос не на выбор", "The question is no choice")]
    if question.kind == "scale" and question.lowest >= question.highest:
        ru, en = "Шкала должна расти", "The scale must go up"
        return [FieldError(f"{field}.highest", "wrong-scale", ru, en)]
    return []


def _text(_question: Question, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or _UNSTORABLE.search(value):
        raise ValueError(value)
    text = tidy(value).strip()
    if not text:
        raise ValueError(value)
    return text


def _number(_question: Question, value: Any) -> str:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return value


def _choice(question: Question, value: Any) -> str:
    if not isinstance(value, str) or value not in question.choices:
        raise ValueError(value)
    return value


def _choices(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > len(question.choices):
        raise ValueError(value)
    return list(dict.fromkeys(_choice(question, one) for one in value))


def _scale(question: Question, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not question.lowest <= value <= question.highest:
        raise ValueError(value)
    return value


def _flag(_question: Question, value: Any) -> bool:
    if value is not True and value is not False:
        raise ValueError(value)
    return value


_READ: Mapping[str, Callable[[Question, Any], Any]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "flag": _flag,
}
_NEEDED: Mapping[str, tuple[str, str]] = {
    "text": (f"непустой текст до {LONGEST} знаков", f"a text of up to {LONGEST} characters"),
    "number": ("число строкой вида 12.5", "a number in a string like 12.5"),
    "choice": ("один из вариантов вопроса", "one of the question's choices"),
    "choices": ("список вариантов вопроса", "a list of the question's choices"),
    "scale": ("целое число в пределах шкалы", "a whole number on the scale"),
    "flag": ("true или false", "true or false"),
}

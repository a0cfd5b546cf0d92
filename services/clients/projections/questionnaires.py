"""Questionnaires and answers: events to rows."""

from typing import Any

import msgspec

from services.clients.events.questionnaires import QuestionnaireAdded, QuestionnaireAnswered, QuestionnaireChanged
from services.clients.projections.json import as_json
from services.clients.tables import questionnaires as t
from services.kernel.clock import from_iso, to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_questionnaire_added(rows: Rows, recorded: Recorded) -> None:
    event: QuestionnaireAdded = recorded.event
    rows.put(
        t.questionnaires,
        {
            "id": event.code,
            "version": recorded.version,
            "title": event.title,
            "edition": 1,
            "questions": as_json(event.questions),
            "rated_by": event.rated_by,
            "earlier": "[]",
            "retired": False,
            "created_at": recorded.recorded,
        },
    )


def on_questionnaire_changed(rows: Rows, recorded: Recorded) -> None:
    event: QuestionnaireChanged = recorded.event
    after: dict[str, Any] = dict(event.after)
    if "questions" in after:
        after["questions"] = as_json(after["questions"])
    held = rows.get(t.questionnaires, recorded.subject)
    if held is not None and event.edition != held["edition"]:
        left = {"edition": held["edition"], "questions": msgspec.json.decode(held["questions"])}
        left["rated_by"] = held["rated_by"]
        after["earlier"] = as_json([*msgspec.json.decode(held["earlier"]), left])
    rows.change(t.questionnaires, recorded.subject, version=recorded.version, edition=event.edition, **after)


def on_questionnaire_answered(rows: Rows, recorded: Recorded) -> None:
    event: QuestionnaireAnswered = recorded.event
    names = ("questionnaire", "edition", "client_id", "contact_id", "interaction_id", "deal_id", "rating")
    rows.put(
        t.questionnaire_answers,
        {
            "id": event.answer_id,
            "version": recorded.version,
            **{name: getattr(event, name) for name in names},
            "answered_at": to_micros(from_iso(event.answered_at)),
            "answers": None if event.answers is None else as_json(event.answers),
            "author_id": recorded.actor,
            "recorded_at": recorded.recorded,
        },
    )


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    for row in rows.find(t.questionnaire_answers, "client_id", recorded.event.person):
        rows.change(t.questionnaire_answers, row["id"], answers=None)


QUESTIONNAIRES = Projection(
    name="questionnaires",
    tables=(t.questionnaires,),
    on={
        "clients": {"QuestionnaireAdded": on_questionnaire_added, "QuestionnaireChanged": on_questionnaire_changed},
    },
)

ANSWERS = Projection(
    name="questionnaire_answers",
    tables=(t.questionnaire_answers,),
    on={
        "clients": {
            "QuestionnaireAnswered": on_questionnaire_answered,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

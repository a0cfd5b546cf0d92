"""Questionnaires of the company's own, edition by edition, and what clients have answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.clock import to_iso
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_contacts import contact
from tests.clients.test_interactions import record, user
from tests.system import System, call_context

QUESTIONS: list[dict[str, Any]] = [
    {"code": "in_time", "text": "Обслужили вовремя?", "kind": "flag", "required": True},
    {"code": "satisfied", "text": "Насколько вы довольны?", "kind": "scale", "lowest": 1, "highest": 10},
    {"code": "offer", "text": "Что понравилось?", "kind": "choice", "choices": ["Цена", "Качество"]},
    {"code": "seen", "text": "Где нас видели?", "kind": "choices", "choices": ["Сайт", "Улица", "Радио"]},
    {"code": "budget", "text": "Бюджет, тыс. руб.", "kind": "number"},
    {"code": "improve", "text": "Что улучшить?", "kind": "text"},
]
ANSWERS = {
    "in_time": False,
    "satisfied": 7,
    "offer": "Цена",
    "seen": ["Сайт", "Радио"],
    "budget": "120.50",
    "improve": "звонить заранее",
}


def questionnaire(system: System, **fields: Any) -> Any:
    body = {"code": f"q{new_id()[-12:]}", "title": "Опрос", "questions": QUESTIONS, "rated_by": "satisfied"}
    return system.do("clients", "add_questionnaire", {**body, **fields})


def change(system: System, asked: Any, **changes: Any) -> Any:
    return system.do("clients", "change_questionnaire", {"code": asked["id"], **changes}, asked["version"])


def body(asked: Any, client: Any, **fields: Any) -> dict[str, Any]:
    return {"questionnaire": asked["id"], "client_id": client["id"], "answers": ANSWERS, **fields}


def answer(system: System, asked: Any, client: Any, **fields: Any) -> Any:
    return system.do("clients", "answer_questionnaire", body(asked, client, **fields))


def refused(system: System, asked: Any, client: Any, **fields: Any) -> Any:
    return system.refusal("clients", "answer_questionnaire", body(asked, client, **fields))


def listed(system: System, asked: Any, **more: Any) -> set[str]:
    page = system.do("clients", "list_questionnaire_answers", {"limit": 500, "questionnaire": asked["id"], **more})
    return {one["id"] for one in page["items"]}


@pytest.mark.capability("CL-37")
def test_what_a_client_has_answered_is_kept_in_structure_with_whom_and_after_what_it_was_asked(furnished):
    client, asked = create(furnished), questionnaire(furnished)
    person = contact(furnished, link={"client_id": client["id"]})
    talk = record(furnished, client)
    of = {"contact_id": person["id"], "interaction_id": talk["id"], "deal_id": "d-1"}
    made = answer(furnished, asked, client, **of, answered_at="2026-03-02T10:00:00+03:00")
    assert made["answers"] == ANSWERS
    assert (made["rating"], made["edition"]) == (7, 1)
    assert {name: made[name] for name in of} == of
    assert made["answered_at"] == "2026-03-02T07:00:00.000000Z"
    [happened] = furnished.do("clients", "list_questionnaire_answer_history", {"answer_id": made["id"]})["items"]
    assert happened["type"] == "QuestionnaireAnswered"


def test_surveys_are_selected_by_rating_questionnaire_client_and_day(furnished):
    one, other, asked = create(furnished), create(furnished), questionnaire(furnished)
    pleased = answer(
        furnished, asked, one, answers={"in_time": True, "satisfied": 9}, answered_at="2026-03-02T10:00:00Z"
    )
    not_pleased = answer(furnished, asked, other, answers={"in_time": False, "satisfied": 2})
    silent = answer(furnished, asked, other, answers={"in_time": True})
    answer(furnished, questionnaire(furnished), one)
    assert silent["rating"] is None
    assert listed(furnished, asked) == {pleased["id"], not_pleased["id"], silent["id"]}
    assert listed(furnished, asked, filter="rating<=5") == {not_pleased["id"]}
    assert listed(furnished, asked, rating=9) == {pleased["id"]}
    assert listed(furnished, asked, client_id=other["id"]) == {not_pleased["id"], silent["id"]}
    assert listed(furnished, asked, filter='answered_at<"2026-03-03"') == {pleased["id"]}


def test_who_asks_other_things_begins_an_edition_and_older_sheets_are_read_by_theirs(furnished):
    client, asked = create(furnished), questionnaire(furnished)
    renamed = change(furnished, asked, title="Опрос после сделки")
    assert (renamed["edition"], renamed["earlier"]) == (1, [])
    fewer = change(furnished, renamed, questions=QUESTIONS[:2])
    assert (fewer["edition"], len(fewer["questions"])) == (2, 2)
    assert fewer["earlier"] == [{"edition": 1, "questions": asked["questions"], "rated_by": "satisfied"}]
    assert refused(furnished, fewer, client)["errors"][0]["code"] == "unknown-question"
    assert answer(furnished, fewer, client, edition=1)["edition"] == 1
    assert answer(furnished, fewer, client, answers={"in_time": True})["edition"] == 2
    assert refused(furnished, fewer, client, edition=3)["errors"][0]["field"] == "edition"
    history = furnished.do("clients", "list_questionnaire_history", {"code": asked["id"], "sort": "version"})["items"]
    assert [one["type"] for one in history] == ["QuestionnaireAdded", "QuestionnaireChanged", "QuestionnaireChanged"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("in_time", None, "required"),
        ("in_time", "да", "wrong-value"),
        ("in_time", 1, "wrong-value"),
        ("satisfied", 11, "wrong-value"),
        ("satisfied", True, "wrong-value"),
        ("satisfied", "7", "wrong-value"),
        ("offer", "Скорость", "wrong-value"),
        ("seen", ["Сайт", "Космос"], "wrong-value"),
        ("seen", "Сайт", "wrong-value"),
        ("budget", 120.5, "wrong-value"),
        ("improve", "\x00", "wrong-value"),
        ("improve", "  ", "wrong-value"),
        ("nonsense", "x", "unknown-question"),
    ],
)
def test_an_answer_is_one_to_its_question_or_refused_with_its_field(furnished, field, value, code):
    client, asked = create(furnished), questionnaire(furnished)
    told = refused(furnished, asked, client, answers={**ANSWERS, field: value})
    assert told["status"] == 422
    assert [(error["field"], error["code"]) for error in told["errors"]] == [(f"answers.{field}", code)]
    assert listed(furnished, asked) == set()


def test_answers_are_of_somebody_and_about_something_that_is_there_and_not_in_the_future(furnished):
    client, other, asked = create(furnished), create(furnished), questionnaire(furnished)
    talk = record(furnished, other)["id"]
    ahead = to_iso(clock.now() + timedelta(hours=1))
    for fields, code in (
        ({"questionnaire": "nonsense"}, "unknown-questionnaire"),
        ({"client_id": "nobody"}, "unknown-client"),
        ({"contact_id": "nobody"}, "unknown-contact"),
        ({"interaction_id": talk}, "unknown-interaction"),
        ({"interaction_id": "none"}, "unknown-interaction"),
    ):
        assert refused(furnished, asked, client, **fields)["type"] == code
    assert refused(furnished, asked, client, answered_at=ahead)["errors"][0]["code"] == "in-the-future"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"questions": [QUESTIONS[0], QUESTIONS[0]], "rated_by": ""}, "questions.1.code"),
        ({"questions": [{**QUESTIONS[2], "choices": ["Цена"]}], "rated_by": ""}, "questions.0.choices"),
        ({"questions": [{**QUESTIONS[2], "choices": ["Цена", "Цена"]}], "rated_by": ""}, "questions.0.choices"),
        ({"questions": [{**QUESTIONS[0], "choices": ["Да"]}], "rated_by": ""}, "questions.0.choices"),
        ({"questions": [{**QUESTIONS[1], "lowest": 10}]}, "questions.0.highest"),
        ({"rated_by": "in_time"}, "rated_by"),
        ({"rated_by": "nonsense"}, "rated_by"),
    ],
)
def test_a_questionnaire_that_cannot_be_answered_is_refused(furnished, fields, field):
    made = {"code": "broken", "title": "Опрос", "questions": QUESTIONS, "rated_by": "satisfied", **fields}
    told = furnished.refusal("clients", "add_questionnaire", made)
    assert [error["field"] for error in told["errors"]] == [field]


def test_a_code_is_taken_once_and_what_is_retired_is_answered_no_more(furnished):
    client, asked = create(furnished), questionnaire(furnished)
    again = {"code": asked["id"], "title": "Ещё один", "questions": QUESTIONS}
    assert furnished.refusal("clients", "add_questionnaire", again)["type"] == "questionnaire-exists"
    retired = change(furnished, asked, retired=True)
    assert refused(furnished, retired, client)["type"] == "questionnaire-retired"
    answer(furnished, change(furnished, retired, retired=False), client)


def test_a_manager_sees_and_writes_down_what_his_clients_have_answered(furnished):
    anna, boris, asked = user(furnished), user(furnished, "Серов Борис"), questionnaire(furnished)
    hers, his = create(furnished, manager_id=anna), create(furnished, manager_id=boris)
    seen, unseen = answer(furnished, asked, hers)["id"], answer(furnished, asked, his)["id"]
    context = replace(call_context(), rights=Rights(frozenset([anna])))
    asking = {"limit": 500, "questionnaire": asked["id"]}
    page = furnished.ask("clients", "list_questionnaire_answers", asking, context)["result"]["items"]
    assert {one["id"] for one in page} == {seen}
    found = furnished.ask("clients", "get_questionnaire_answer", {"answer_id": unseen}, context)
    assert found["problem"]["status"] == 404
    context = replace(call_context(), rights=Rights(frozenset([anna])))
    assert furnished.ask("clients", "answer_questionnaire", body(asked, his), context)["problem"]["type"].endswith(
        "unknown-client"
    )


def test_answers_of_a_client_that_proved_to_be_another_show_under_the_one_that_is_left(furnished):
    kept, merged, asked = create(furnished), create(furnished), questionnaire(furnished)
    talk = record(furnished, merged)
    made = answer(furnished, asked, merged)
    merging = {"client_id": kept["id"], "merged_id": merged["id"]}
    furnished.do("clients", "merge_clients", merging, kept["version"])
    assert listed(furnished, asked, client_id=kept["id"]) == {made["id"]}
    assert answer(furnished, asked, kept, interaction_id=talk["id"])["interaction_id"] == talk["id"]

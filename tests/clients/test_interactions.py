"""The relations register: contacts with clients, planned and done, and complaints followed up."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.clients.domain.default_entries import DEFAULTS
from services.kernel import clock
from services.kernel.clock import to_iso
from services.kernel.events import PersonKey
from services.kernel.rights import Rights
from tests.clients.test_card import create
from tests.clients.test_contacts import contact
from tests.clients.test_dictionaries import entry
from tests.system import System, call_context

START, END = "2026-03-02T10:00:00+03:00", "2026-03-02T11:00:00+03:00"
TALK: dict[str, Any] = {
    "kind": "meeting",
    "starts_at": START,
    "ends_at": END,
    "direction": "outgoing",
    "important": True,
    "subject": "Мебель для переговорной",
    "project": "Новый офис",
    "goals": "выяснить сроки",
    "content": "показать образцы",
}
OUTCOME: dict[str, Any] = {
    "result": "agreed",
    "agreements": "прислать счёт до пятницы",
    "satisfaction": 4,
    "served_in_time": True,
    "improvement": "быстрее отвечать",
}


def plan(system: System, client: Any, **fields: Any) -> Any:
    return system.do("clients", "plan_interaction", {**TALK, "client_id": client["id"], **fields})


def record(system: System, client: Any, **fields: Any) -> Any:
    return system.do("clients", "record_interaction", {**TALK, **OUTCOME, "client_id": client["id"], **fields})


def do(system: System, call: str, one: Any, **arguments: Any) -> Any:
    return system.do("clients", call, {"interaction_id": one["id"], **arguments}, one["version"])


def refused(system: System, call: str, one: Any, **arguments: Any) -> Any:
    return system.refusal("clients", call, {"interaction_id": one["id"], **arguments}, one["version"])


def listed(system: System, **asked: Any) -> list[str]:
    return [one["id"] for one in system.do("clients", "list_interactions", {"limit": 500, **asked})["items"]]


def user(system: System, name: str = "Белова Анна") -> str:
    made: str = system.do("gateway", "create_user", {"name": name, "role": "sales_manager"})["id"]
    return made


@pytest.mark.capability("CL-40")
@pytest.mark.capability("CL-43")
def test_a_contact_with_a_client_is_kept_with_everything_that_was_meant_and_came_of_it(furnished):
    client, anna, boris = create(furnished), user(furnished), user(furnished, "Серов Борис")
    who = [contact(furnished, link={"client_id": client["id"]})["id"] for _ in range(2)]
    before = record(furnished, client, subject="первый разговор")
    fields = {"employee_id": anna, "participants": [boris], "contact_ids": who}
    basis = {"resource": "interaction", "id": before["id"]}
    planned = plan(furnished, client, **fields, basis=basis)
    assert {name: planned[name] for name in (*fields, "basis")} == {**fields, "basis": basis}
    assert (planned["state"], planned["author_id"], planned["result"]) == ("planned", "user-1", None)
    assert planned["starts_at"] == "2026-03-02T07:00:00.000000Z"
    done = do(furnished, "complete_interaction", planned, **OUTCOME, content="обсудили цены")
    assert done["state"] == "completed"
    assert {name: done[name] for name in OUTCOME} == OUTCOME
    assert (done["content"], done["goals"], done["subject"]) == ("обсудили цены", TALK["goals"], TALK["subject"])
    assert done["number"].isdigit()
    assert done["number"] > before["number"]
    assert listed(furnished, client_id=client["id"], sort="-number") == [done["id"], before["id"]]
    assert listed(furnished, contact_id=who[1]) == [done["id"]]


@pytest.mark.capability("CL-41")
@pytest.mark.capability("CL-42")
def test_every_channel_of_a_contact_has_its_kind_online_or_offline(furnished):
    client = create(furnished)
    kinds = {code: parent for code, _, parent in DEFAULTS["interaction_kinds"] if parent}
    assert set(kinds.values()) == {"online", "offline"}
    made = {kind: record(furnished, client, kind=kind)["id"] for kind in kinds}
    for kind, id_ in made.items():
        assert listed(furnished, client_id=client["id"], kind=kind) == [id_]


@pytest.mark.capability("CL-44")
def test_the_register_is_filtered_by_client_employee_kind_state_and_time(furnished):
    client, anna = create(furnished), user(furnished)
    call = plan(furnished, client, kind="call", employee_id=anna, subject="Звонок о ценах")
    visit = record(furnished, client, kind="meeting", starts_at="2025-06-01T10:00:00+03:00", ends_at=None)
    of = {"client_id": client["id"]}
    assert listed(furnished, **of, state="planned") == [call["id"]]
    assert listed(furnished, **of, state="completed") == [visit["id"]]
    assert listed(furnished, **of, kind="call") == [call["id"]]
    assert listed(furnished, **of, employee_id=anna) == [call["id"]]
    assert listed(furnished, **of, filter="starts_at < 2026-01-01") == [visit["id"]]
    assert listed(furnished, **of, filter="ends_at >= 2026-03-02 AND important = true") == [call["id"]]
    assert listed(furnished, **of, filter="satisfaction >= 4") == [visit["id"]]
    assert listed(furnished, **of, q="о ценах") == [call["id"]]
    assert listed(furnished, **of, sort="starts_at") == [visit["id"], call["id"]]


@pytest.mark.capability("CL-46")
def test_kinds_and_results_are_the_companys_own_and_a_result_comes_when_it_has_taken_place(furnished):
    client = create(furnished)
    kind, result = (entry(furnished, name)["code"] for name in ("interaction_kinds", "interaction_results"))
    planned = plan(furnished, client, kind=kind)
    early = refused(furnished, "change_interaction", planned, result=result)
    assert (early["errors"][0]["field"], early["errors"][0]["code"]) == ("result", "not-completed")
    done = do(furnished, "complete_interaction", planned, result=result)
    assert (done["kind"], done["result"]) == (kind, result)
    assert do(furnished, "change_interaction", done, result="agreed")["result"] == "agreed"
    for name in ("kind", "result"):
        told = refused(furnished, "change_interaction", done, **{name: "nonsense"})
        assert told["type"] in ("unknown-entry", "stale-version")


@pytest.mark.capability("CL-52")
def test_what_clients_think_after_a_deal_is_written_down_and_found_by_its_rating(furnished):
    client = create(furnished)
    deal = {"resource": "deal", "id": "d-1"}
    rated = {
        rating: record(
            furnished,
            client,
            kind="feedback",
            basis=deal,
            satisfaction=rating,
            served_in_time=rating > 2,
            improvement="отвечать быстрее",
            content="доставили с опозданием",
        )
        for rating in (1, 3, 5)
    }
    of = {"client_id": client["id"], "kind": "feedback"}
    assert listed(furnished, **of, filter="satisfaction <= 3", sort="satisfaction") == [
        rated[1]["id"],
        rated[3]["id"],
    ]
    assert listed(furnished, **of, filter="served_in_time = false") == [rated[1]["id"]]
    assert (rated[1]["improvement"], rated[1]["content"]) == ("отвечать быстрее", "доставили с опозданием")
    assert refused_body(furnished, client, satisfaction=6)["errors"][0]["field"] == "satisfaction"


def refused_body(system: System, client: Any, **fields: Any) -> Any:
    return system.refusal("clients", "record_interaction", {**TALK, **OUTCOME, "client_id": client["id"], **fields})


@pytest.mark.capability("CL-65")
def test_a_complaint_becomes_a_task_of_the_manager_and_stays_open_until_it_is_resolved(furnished):
    manager = user(furnished)
    client = create(furnished, manager_id=manager)
    furnished.react("clients")
    said = {"kind": "complaint", "complaint_subject": "terms", "content": "опоздали на неделю"}
    complaint = record(furnished, client, **said, direction="incoming")
    assert (complaint["open_complaint"], complaint["resolution"]) == (True, None)
    assert complaint["id"] in listed(furnished, filter='open_complaint = true AND complaint_subject = "terms"')
    [task] = waited(furnished, client)
    assert (task["assignee_id"], task["interaction_id"], task["completed"]) == (manager, complaint["id"], False)
    solved = do(furnished, "resolve_complaint", complaint, resolution="дали скидку на доставку")
    assert (solved["open_complaint"], solved["resolution"]) == (False, "дали скидку на доставку")
    assert refused(furnished, "resolve_complaint", solved, resolution="x")["type"] == "not-an-open-complaint"
    calm = record(furnished, client)
    assert not calm["open_complaint"]
    assert refused(furnished, "resolve_complaint", calm, resolution="x")["type"] == "not-an-open-complaint"


def waited(system: System, client: Any) -> Any:
    for _ in range(200):
        found = system.do("clients", "list_tasks", {"client_id": client["id"]})["items"]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("no task")


def test_the_next_contact_and_a_task_are_made_on_the_ground_of_one(furnished):
    client = create(furnished)
    first = record(furnished, client)
    following = plan(furnished, client, basis={"resource": "interaction", "id": first["id"]})
    task = {"title": "Прислать счёт", "due_date": "2026-03-05", "client_id": client["id"]}
    task = furnished.do("clients", "assign_task", {**task, "interaction_id": first["id"]})
    assert (following["basis"]["id"], task["interaction_id"]) == (first["id"], first["id"])
    wrong = {**TALK, "client_id": client["id"], "basis": {"resource": "interaction", "id": "nothing"}}
    assert furnished.refusal("clients", "plan_interaction", wrong)["type"] == "unknown-basis"
    wrong = {"title": "x", "due_date": "2026-03-05", "interaction_id": "nothing"}
    assert furnished.refusal("clients", "assign_task", wrong)["type"] == "unknown-interaction"


def test_what_was_planned_is_moved_or_cancelled_and_what_is_over_is_not(furnished):
    client = create(furnished)
    planned = plan(furnished, client)
    moved = do(furnished, "change_interaction", planned, starts_at=END, ends_at=None, subject="Перенесено")
    assert (moved["starts_at"], moved["ends_at"]) == ("2026-03-02T08:00:00.000000Z", None)
    cancelled = do(furnished, "cancel_interaction", moved, reason="клиент заболел")
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "клиент заболел")
    for call, fields in (
        ("complete_interaction", {}),
        ("cancel_interaction", {}),
        ("change_interaction", {"subject": "x"}),
    ):
        told = refused(furnished, call, cancelled, **fields)
        assert (told["type"], told["status"]) == ("not-planned", 409)
    asked = {"interaction_id": planned["id"], "sort": "version"}
    history = furnished.do("clients", "list_interaction_history", asked)["items"]
    told = {change["field"]: (change["old"], change["new"]) for change in history[1]["changes"]}
    assert told["subject"] == (TALK["subject"], "Перенесено")


def test_a_contact_does_not_end_before_it_begins_nor_has_one_taken_place_that_lies_ahead(furnished):
    client = create(furnished)
    told = refused_body(furnished, client, starts_at=END, ends_at=START)
    assert told["errors"][0]["code"] == "before-start"
    ahead = to_iso(clock.now() + timedelta(hours=1))
    told = refused_body(furnished, client, starts_at=ahead, ends_at=None)
    assert told["errors"][0]["code"] == "in-the-future"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"client_id": "nobody"}, "unknown-client"),
        ({"contact_ids": ["nobody"]}, "unknown-contact"),
        ({"employee_id": "nobody"}, "unknown-user"),
        ({"participants": ["nobody"]}, "unknown-user"),
        ({"kind": "nonsense"}, "unknown-entry"),
        ({"complaint_subject": "nonsense"}, "unknown-entry"),
    ],
)
def test_who_and_what_is_named_must_be_there(furnished, fields, code):
    body = {**TALK, "client_id": create(furnished)["id"], **fields}
    assert furnished.refusal("clients", "plan_interaction", body)["type"] == code


def test_who_plans_a_contact_holds_it_himself_unless_he_names_another(furnished):
    client, anna = create(furnished), user(furnished)
    context = replace(call_context(), actor=anna)
    body = {**TALK, "client_id": client["id"]}
    assert furnished.ask("clients", "plan_interaction", body, context)["result"]["employee_id"] == anna
    assert plan(furnished, client)["employee_id"] is None


def test_a_manager_sees_the_contacts_with_his_clients_whoever_had_them(furnished):
    anna, boris = user(furnished), user(furnished, "Серов Борис")
    hers, his = create(furnished, manager_id=anna), create(furnished, manager_id=boris)
    with_hers, with_his = record(furnished, hers, employee_id=boris), record(furnished, his, employee_id=boris)
    helped = record(furnished, his, employee_id=anna)
    context = replace(call_context(), rights=Rights(frozenset([anna])))
    page = furnished.ask("clients", "list_interactions", {"limit": 500}, context)["result"]
    assert {one["id"] for one in page["items"]} >= {with_hers["id"], helped["id"]}
    assert with_his["id"] not in {one["id"] for one in page["items"]}
    body = {**TALK, "client_id": his["id"]}
    assert furnished.ask("clients", "plan_interaction", body, context)["problem"]["type"] == "unknown-client"


def test_what_was_said_is_the_clients_own_and_goes_with_his_key(furnished):
    client = create(furnished)
    made = record(furnished, client)
    runtime = furnished.runtimes["clients"]
    runtime.keyring.destroy(PersonKey(client["id"], "relation"))
    planned, completed = runtime.store.read_stream(f"interaction:{made['id']}")
    assert (planned.event.personal, completed.event.personal) == (None, None)
    assert completed.event.outcome["satisfaction"] == 4

"""Tasks: who is to do what by when, done again, fallen overdue, reminded of."""

from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.clock import company_today, to_iso
from tests.clients.test_card import create
from tests.clients.test_interactions import user
from tests.system import System, eventually


def assign(system: System, **fields: Any) -> Any:
    return system.do("clients", "assign_task", {"title": "Отгрузить столы", "due_date": "2030-12-02", **fields})


def do(system: System, call: str, one: Any, **arguments: Any) -> Any:
    return system.do("clients", call, {"task_id": one["id"], **arguments}, one["version"])


def get(system: System, one: Any) -> Any:
    return system.do("clients", "get_task", {"task_id": one["id"]})


def listed(system: System, **asked: Any) -> list[str]:
    return [one["id"] for one in system.do("clients", "list_tasks", {"limit": 500, **asked})["items"]]


@pytest.mark.capability("CL-50")
def test_a_task_says_who_does_what_by_when_and_in_which_project_and_is_seen_to_be_late(any_system):
    anna, client = user(any_system), create(any_system)
    late_at = to_iso(clock.now() + timedelta(seconds=2))
    late = assign_at(any_system, late_at, assignee_id=anna, client_id=client["id"], project="Новый офис")
    fields = ("title", "assignee_id", "client_id", "project", "due_at", "state", "overdue")
    assert [late[name] for name in fields] == [
        "Отгрузить столы",
        anna,
        client["id"],
        "Новый офис",
        late_at,
        "open",
        False,
    ]
    today = assign(any_system, due_date=company_today().isoformat(), assignee_id=anna)
    any_system.react("clients")
    eventually(lambda: get(any_system, late)["overdue"], 90)
    assert not get(any_system, today)["overdue"]
    assert late["id"] in listed(any_system, overdue=True, assignee_id=anna)
    week = (company_today() + timedelta(days=7)).isoformat()
    assert set(listed(any_system, assignee_id=anna, filter=f"due_date <= {week} AND state = open")) == {
        late["id"],
        today["id"],
    }
    done = do(any_system, "complete_task", get(any_system, late), result="отгрузили")
    assert (done["state"], done["completed"], done["overdue"], done["result"]) == ("completed", True, True, "отгрузили")
    assert done["completed_at"] is not None


def assign_at(system: System, due_at: str, **fields: Any) -> Any:
    return system.do("clients", "assign_task", {"title": "Отгрузить столы", "due_at": due_at, **fields})


def test_a_task_with_a_time_is_of_the_day_that_this_is_for_the_company(any_system):
    assert assign_at(any_system, "2030-12-02T22:30:00Z")["due_date"] == "2030-12-03"
    moved = do(any_system, "change_task", assign(any_system), due_at="2030-12-05T23:00:00Z")
    assert (moved["due_date"], moved["due_at"]) == ("2030-12-06", "2030-12-05T23:00:00.000000Z")
    day = do(any_system, "change_task", moved, due_date="2030-12-07")
    assert (day["due_date"], day["due_at"]) == ("2030-12-07", None)


def test_a_task_needs_a_day_or_a_time(any_system):
    told = any_system.refusal("clients", "assign_task", {"title": "x"})
    assert [(error["field"], error["code"]) for error in told["errors"]] == [("due_date", "required")]
    both = {"task_id": assign(any_system)["id"], "due_date": "2030-12-02", "due_at": "2030-12-02T10:00:00Z"}
    assert any_system.refusal("clients", "change_task", both, 1)["errors"][0]["code"] == "given-twice"


def test_a_task_that_repeats_is_there_again_as_soon_as_it_is_done(any_system):
    repeat = {"every": "month", "until": "2031-01-31"}
    first = assign(any_system, due_date="2030-12-31", repeat=repeat, remind_minutes=[60])
    do(any_system, "complete_task", first)
    [second] = any_system.do("clients", "list_tasks", {"filter": f'repeats = "{first["id"]}"'})["items"]
    assert (second["due_date"], second["state"]) == ("2031-01-31", "open")
    assert second["repeat"] == {**repeat, "day": None, "on_working_days": False, "moved_from": None}
    do(any_system, "complete_task", second)
    assert listed(any_system, filter=f'repeats = "{second["id"]}"') == []


def test_a_task_is_handed_over_and_its_history_tells_from_whom(any_system):
    anna, boris = user(any_system), user(any_system, "Серов Борис")
    one = do(any_system, "change_task", assign(any_system, assignee_id=anna), assignee_id=boris, title="Позвонить")
    assert (one["assignee_id"], one["title"]) == (boris, "Позвонить")
    history = any_system.do("clients", "list_task_history", {"task_id": one["id"]})["items"][0]["changes"]
    assert {"field": "assignee_id", "old": anna, "new": boris} in history
    wrong = {"task_id": one["id"], "assignee_id": "nobody"}
    assert any_system.refusal("clients", "change_task", wrong, one["version"])["type"] == "unknown-user"


def test_a_cancelled_task_is_over_and_says_why(any_system):
    one = do(any_system, "cancel_task", assign(any_system), reason="клиент передумал")
    assert (one["state"], one["completed"], one["reason"]) == ("cancelled", False, "клиент передумал")
    told = any_system.refusal("clients", "complete_task", {"task_id": one["id"]}, one["version"])
    assert told["type"] == "task-cancelled-already"


def test_a_task_for_working_days_is_not_due_on_a_holiday(any_system):
    repeat = {"every": "week", "on_working_days": True}
    first = assign(any_system, due_date="2026-10-28", repeat=repeat)
    any_system.do("clients", "complete_task", {"task_id": first["id"]}, version=1)
    [second] = any_system.do("clients", "list_tasks", {"filter": f'repeats = "{first["id"]}"'})["items"]
    assert (second["due_date"], second["repeat"]["moved_from"]) == ("2026-11-05", "2026-11-04")
    any_system.do("clients", "complete_task", {"task_id": second["id"]}, version=1)
    [third] = any_system.do("clients", "list_tasks", {"filter": f'repeats = "{second["id"]}"'})["items"]
    assert (third["due_date"], third["repeat"]["moved_from"]) == ("2026-11-11", None)

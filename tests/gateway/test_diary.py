"""One round of calls for a diary, each for no more than it may show."""

from datetime import date

from gateway.diary import DEALS, TASKS, Part, Span, entries, part
from services.kernel.rights import Rights
from tests.system import call_context

SPAN = Span("u-1", date(2026, 11, 1), date(2026, 11, 30))
TASK = {"id": "t-1", "version": 2, "client_id": "c-1", "state": "open", "title": "Позвонить", "assignee_id": "u-1"}
DEAL = {"id": "d-1", "version": 3, "client_id": "c-1", "title": "Кухня", "manager_id": "u-1"}


class Reader:
    def may(self, permission):
        return True

    def rights(self, permission):
        return Rights(frozenset({permission}))


def test_a_list_is_asked_for_its_days_with_the_rights_of_its_own_permission():
    calls = []

    def call(service, method, arguments, context):
        calls.append((service, method, arguments, context.rights.users))
        return {"result": {"items": [TASK], "next": "further"}}

    told = part(call, TASKS, SPAN, Reader(), call_context())
    assert told == Part(TASKS, (TASK,), more=True)
    [(service, method, asked, users)] = calls
    assert (service, method, users) == ("clients", "list_tasks", {"tasks.read"})
    assert asked["filter"].startswith('assignee_id = "u-1"')
    assert asked["filter"].endswith("due_date >= 2026-11-01 AND due_date <= 2026-11-30")
    assert asked["limit"] == 500


def test_what_has_no_time_comes_first_in_its_day():
    timed = {**TASK, "id": "t-0", "due_date": "2026-11-02", "due_at": "2026-11-02T07:00:00.000000Z"}
    whole_day, sooner = {**TASK, "due_date": "2026-11-02", "due_at": None}, {**timed, "id": "t-2"}
    sooner |= {"due_date": "2026-11-01"}
    found = entries([Part(TASKS, (timed, whole_day, sooner))], SPAN)
    assert [entry["id"] for entry in found] == ["t-2", "t-1", "t-0"]


def test_a_deal_is_an_entry_of_the_day_it_came_to_its_stage_in_the_companys_zone():
    def stands(moment, stage="offer"):
        return [e["date"] for e in entries([Part(DEALS, ({**DEAL, "stage": stage, "stage_since": moment},))], SPAN)]

    assert stands("2026-10-31T20:59:59.000000Z") == []
    assert stands("2026-10-31T21:00:00.000000Z") == ["2026-11-01"]
    assert stands("2026-11-30T21:00:00.000000Z", "won") == []
    assert stands("2026-11-30T20:00:00.000000Z", "won") == ["2026-11-30"]

"""What a resource was and what changed in it, against what its read model showed at the time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.history import replay
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.contracts.valid import LINE, REQUISITES
from tests.system import System, call_context


class Told:
    """One resource, changed step by step: the view after each, and the time it was so."""

    def __init__(self, system: System, service: str, name: str, key: str) -> None:
        self.system, self.service, self.name, self.key = system, service, name, key
        self.views: list[dict[str, Any]] = []
        self.times: list[datetime] = []

    def note(self, id: str) -> dict[str, Any]:
        view: dict[str, Any] = self.system.do(self.service, f"get_{self.name}", {self.key: id})
        self.views.append(view)
        self.times.append(clock.now())
        return view

    def do(self, call: str, more: dict[str, Any] | None = None) -> None:
        last = self.views[-1]
        self.system.do(self.service, call, {self.key: last["id"], **(more or {})}, version=last["version"])
        self.note(last["id"])

    @property
    def id(self) -> str:
        found: str = self.views[0]["id"]
        return found

    def as_of(self, moment: datetime, **context: Any) -> dict[str, Any]:
        arguments = {self.key: self.id, "as_of": moment.isoformat()}
        return self.system.ask(self.service, f"get_{self.name}", arguments, replace(call_context(), **context))

    def history(self, context: Any = None, **asked: Any) -> dict[str, Any]:
        answer = self.system.ask(self.service, f"list_{self.name}_history", {self.key: self.id, **asked}, context)
        return answer["result"]


def make_client(system: System) -> str:
    card = {"kind": "individual", "name": f"Кравцов {new_id()}", "phones": ["8 916 123-45-67"]}
    made: str = system.do("clients", "create_client", {**card, "allow_duplicate": True})["id"]
    return made


def told_client(system: System) -> Told:
    user = system.do("gateway", "create_user", {"name": "Анна", "role": "sales_manager"})["id"]
    system.deliver()
    told = Told(system, "clients", "client", "client_id")
    told.note(make_client(system))
    told.do("change_client", {"city": "Тверь", "phones": ["8 916 765-43-21"], "allow_duplicate": True})
    told.do("assign_client", {"manager_id": user})
    return told


def told_deal(system: System) -> Told:
    client = make_client(system)
    system.deliver()
    told = Told(system, "deals", "deal", "deal_id")
    told.note(system.do("deals", "open_deal", {"client_id": client, "title": "Кухня", "lines": [LINE]})["id"])
    told.do("change_deal", {"title": "Шкаф"})
    told.do("change_deal_stage", {"stage": "lost", "reason": "дорого"})
    return told


def told_organisation(system: System) -> Told:
    told = Told(system, "documents", "organisation", "organisation_id")
    told.note(system.do("documents", "create_organisation", REQUISITES)["id"])
    told.do("change_organisation", {**REQUISITES, "address": "Кострома"})
    return told


def told_document(system: System) -> Told:
    ours = told_organisation(system).id
    client = make_client(system)
    system.deliver()
    deal = {"client_id": client, "title": "Кухня", "lines": [LINE], "organisation_id": ours}
    deal_id = system.do("deals", "open_deal", deal)["id"]
    system.deliver()
    draft = {"kind": "invoice", "deal_id": deal_id, "date": "2026-03-02", "due_date": "2026-03-12"}
    told = Told(system, "documents", "document", "document_id")
    told.note(system.do("documents", "create_document", draft)["id"])
    told.do("issue_document")
    told.do("cancel_document", {"reason": "Отказ"})
    return told


def told_key(system: System) -> Told:
    user = system.do("gateway", "create_user", {"name": "Анна", "role": "sales_manager"})["id"]
    told = Told(system, "gateway", "api_key", "key_id")
    told.note(system.do("gateway", "create_api_key", {"user_id": user, "name": "обмен"})["id"])
    told.do("rotate_api_key")
    told.do("revoke_api_key")
    return told


STORIES = [told_client, told_deal, told_organisation, told_document, told_key]


@pytest.fixture(scope="module")
def client(any_system):
    return told_client(any_system)


@pytest.mark.parametrize("story", STORIES)
def test_a_resource_is_shown_as_it_was_at_every_time(any_system, story):
    told = story(any_system)
    for view, moment in zip(told.views, told.times, strict=True):
        past = told.as_of(moment)["result"]
        since = past.pop("since")
        assert past == view
        assert [one["version"] for one in since["items"]][:1] in ([], [view["version"] + 1])
    assert since == {"items": [], "next": None}


@pytest.mark.parametrize("story", STORIES)
def test_the_changes_put_together_are_the_resource(any_system, story):
    told = story(any_system)
    seen: dict[str, Any] = {}
    for change in told.history(sort="version")["items"]:
        for one in change["changes"]:
            assert seen.get(one["field"]) == one["old"] != one["new"]
            seen[one["field"]] = one["new"]
    last = {name: value for name, value in told.views[-1].items() if name != "version"}
    assert {name: value for name, value in seen.items() if value is not None} == {
        name: value for name, value in last.items() if value is not None
    }


def test_before_it_was_it_is_not_found_and_told_since_when(client):
    problem = client.as_of(client.times[0] - timedelta(days=1))["problem"]
    assert (problem["status"], problem["type"]) == (404, "not-yet-there")
    assert client.views[0]["created_at"] in problem["en"]


@pytest.mark.parametrize(
    ("as_of", "code"),
    [("2126-01-01T00:00:00Z", "in-the-future"), ("2026-01-01T00:00:00", "no-offset"), ("вчера", "not-a-time")],
)
def test_a_time_that_is_none_or_has_not_come_is_refused(any_system, client, as_of, code):
    problem = any_system.refusal("clients", "get_client", {"client_id": client.id, "as_of": as_of})
    assert problem["status"] == 422
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("as_of", code)]


def test_others_past_is_as_hidden_as_their_present(client):
    rights = Rights(frozenset({"somebody"}))
    assert client.as_of(client.times[0], rights=rights)["problem"]["type"] == "not-found"
    context = replace(call_context(), rights=rights)
    answer = client.system.ask("clients", "list_client_history", {"client_id": client.id}, context)
    assert answer["problem"]["type"] == "not-found"


def test_masks_hold_for_the_past_too(client):
    rights = Rights(masked=frozenset({"phone"}))
    past = client.as_of(client.times[0], rights=rights)["result"]
    history = client.history(replace(call_context(), rights=rights))
    assert "1234567" not in repr((past, history))
    assert "7654321" not in repr((past, history))
    assert "phones" in {one["field"] for change in past["since"]["items"] for one in change["changes"]}


@pytest.mark.parametrize("sort", ["version", "-version"])
def test_pages_of_a_history_follow_each_other(client, sort):
    whole = client.history(sort=sort)["items"]
    assert [one["version"] for one in whole] == ([1, 2, 3] if sort == "version" else [3, 2, 1])
    paged: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    for _ in range(3):
        page = client.history(sort=sort, limit=1, **cursor)
        paged += page["items"]
        cursor = {"cursor": page["next"]}
    assert (paged, page["next"]) == (whole, None)


@pytest.mark.capability("GW-11")
def test_a_change_tells_who_did_it_with_which_key_and_why(any_system):
    id_ = make_client(any_system)
    context = replace(call_context(version=1, principal="key-of-the-shop"), actor="anna")
    arguments = {"client_id": id_, "city": "Тверь"}
    any_system.ask("clients", "change_client", arguments, context)
    make_client(any_system)
    [change] = any_system.do("clients", "list_client_history", {"client_id": id_, "limit": 1})["items"]
    assert change["type"] == "ClientChanged"
    assert (change["actor"], change["key"]) == ("anna", "key-of-the-shop")
    assert (change["correlation_id"], change["causation_id"]) == (context.correlation_id, context.causation_id)
    city = {"field": "city", "old": None, "new": "Тверь"}
    assert city in change["changes"] or {**city, "old": ""} in change["changes"]
    assert datetime.fromisoformat(change["recorded_at"]).tzinfo == UTC


def test_a_stream_beyond_measure_is_refused(client, monkeypatch):
    monkeypatch.setattr(replay, "LONGEST", 2)
    assert client.as_of(client.times[0])["problem"]["type"] == "history-too-long"

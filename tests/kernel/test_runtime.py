"""A service's runtime in process, on both kinds of database: what a caller may rely on."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.contracts.valid import REQUISITES
from tests.system import System, call_context


def client(**fields: Any) -> dict[str, Any]:
    return {"kind": "legal_entity", "name": f"ООО «{new_id()}»", **fields}


def make(system: System, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = system.do("clients", "create_client", client(**fields))
    return made


def head(system: System, name: str = "clients") -> int:
    return system.runtimes[name].store.head().position


def test_what_was_written_is_read_at_once(any_system):
    made = make(any_system, city="Тверь")
    assert any_system.do("clients", "get_client", {"client_id": made["id"]}) == made
    changed = any_system.do("clients", "change_client", {"client_id": made["id"], "city": "Кострома"}, version=1)
    assert (changed["version"], changed["city"]) == (2, "Кострома")
    listed = any_system.do("clients", "list_clients", {"limit": 500})
    assert [c["city"] for c in listed["items"] if c["id"] == made["id"]] == ["Кострома"]


def test_an_answer_tells_the_position_it_is_visible_at(any_system):
    answer = any_system.ask("clients", "create_client", client())
    assert answer["position"] == f"clients:{head(any_system)}"


def test_a_repeated_command_is_answered_again_and_carried_out_once(any_system):
    arguments, key = client(), new_id()
    first = any_system.ask("clients", "create_client", arguments, call_context(key))
    before = head(any_system)
    assert any_system.ask("clients", "create_client", arguments, call_context(key)) == first
    assert head(any_system) == before


def test_a_repetition_is_recognised_after_later_changes_and_in_another_process(any_system):
    arguments, key = client(), new_id()
    made = any_system.do("clients", "create_client", arguments, key=key)
    change, change_key = {"client_id": made["id"], "city": "Тверь"}, new_id()
    any_system.do("clients", "change_client", change, version=1, key=change_key)
    any_system.reopen("clients")
    before = head(any_system)
    again = any_system.do("clients", "create_client", arguments, key=key)
    assert (again["id"], again["version"]) == (made["id"], 1)
    changed = any_system.do("clients", "change_client", change, version=1, key=change_key)
    assert (changed["version"], changed["city"]) == (2, "Тверь")
    assert head(any_system) == before


def test_a_key_that_was_used_for_something_else_is_refused(any_system):
    key = new_id()
    made = any_system.do("clients", "create_client", client(), key=key)
    assert any_system.refusal("clients", "create_client", client(), key=key)["type"] == "idempotency-key-reused"
    task = {"title": "Позвонить", "due_date": "2026-03-02"}
    assert any_system.refusal("clients", "assign_task", task, key=key)["status"] == 422
    assert any_system.do("clients", "get_client", {"client_id": made["id"]})["version"] == 1


def test_a_refused_command_leaves_its_key_free(any_system):
    key = new_id()
    assert any_system.refusal("clients", "create_client", client(inn="1"), key=key)["type"] == "invalid"
    assert any_system.do("clients", "create_client", client(), key=key)["version"] == 1


def test_many_at_once_with_one_key_make_one_client(any_system):
    arguments, key = client(), new_id()
    answers: list[dict[str, Any]] = []

    def ask() -> None:
        answers.append(any_system.ask("clients", "create_client", arguments, call_context(key)))

    together([ask] * 8)
    assert len({answer["result"]["id"] for answer in answers}) == 1
    created = [e for e in any_system.events("clients", "ClientCreated") if e.name == arguments["name"]]
    assert len(created) == 1


@pytest.mark.capability("GW-05")
def test_many_at_once_on_one_version_let_one_through(any_system):
    made = make(any_system)
    answers: list[dict[str, Any]] = []

    def change(city: str) -> None:
        arguments = {"client_id": made["id"], "city": city}
        answers.append(any_system.ask("clients", "change_client", arguments, call_context(version=1)))

    together([lambda city=city: change(city) for city in ("Тверь", "Уфа", "Казань", "Орёл")])
    statuses = sorted(answer.get("problem", {"status": 200})["status"] for answer in answers)
    assert statuses == [200, 412, 412, 412]


def together(work: list[Any]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_change_names_the_version_it_rests_on(any_system):
    made = make(any_system)
    change = {"client_id": made["id"], "city": "Тверь"}
    assert any_system.refusal("clients", "change_client", change)["type"] == "version-required"
    stale = any_system.refusal("clients", "change_client", change, version=7)
    assert (stale["type"], stale["status"]) == ("stale-version", 412)


def test_an_unknown_id_is_not_found_and_one_named_in_a_body_is_blamed(any_system):
    missing = any_system.refusal("clients", "change_client", {"client_id": "nobody", "city": "Уфа"}, version=1)
    assert (missing["type"], missing["status"]) == ("not-found", 404)
    assert any_system.refusal("clients", "get_client", {"client_id": "nobody"})["status"] == 404
    task = {"title": "Позвонить", "due_date": "2026-03-02", "client_id": "nobody"}
    unknown = any_system.refusal("clients", "assign_task", task)
    assert (unknown["status"], unknown["errors"][0]["field"]) == (422, "client_id")
    deal = any_system.refusal("deals", "open_deal", {"client_id": "nobody", "title": "Мебель"})
    assert (deal["type"], deal["errors"][0]["field"]) == ("unknown-client", "client_id")


def test_an_id_that_is_on_its_way_is_fetched_before_it_is_refused(any_system):
    made = make(any_system)
    deal = any_system.do("deals", "open_deal", {"client_id": made["id"], "title": "Мебель"})
    assert deal["client_id"] == made["id"]


def test_a_position_of_a_source_is_waited_for(any_system):
    made = any_system.ask("clients", "create_client", client())
    source, _, position = made["position"].partition(":")
    wanted = {source: int(position)}
    late = any_system.ask("deals", "list_deals", {}, call_context(min_position=wanted, seconds=2))
    assert (late["problem"]["type"], late["problem"]["status"]) == ("not-yet-visible", 503)
    any_system.deliver()
    assert "result" in any_system.ask("deals", "list_deals", {}, call_context(min_position=wanted))


def test_a_position_that_ends_in_private_events_is_reached_by_its_tail(any_system):
    content = "Tmlj0LDQuNC80LXQvdC+0LLQsNC90LjQtQo="  # whatever it is, it is refused
    assert any_system.refusal("clients", "start_import", {"content": content})["status"] == 422
    table = {"content": "0J3QsNC40LzQtdC90L7QstCw0L3QuNC1CtCe0J7Qng=="}  # a heading and one row
    begun = any_system.ask("clients", "start_import", table)
    any_system.deliver()
    position = int(begun["position"].partition(":")[2])
    asked = call_context(min_position={"clients": position})
    assert "result" in any_system.ask("deals", "list_deals", {}, asked)


def test_an_expired_request_is_refused_and_not_carried_out_late(any_system):
    before = head(any_system)
    late = any_system.ask("clients", "create_client", client(), call_context(seconds=-1))
    assert (late["problem"]["type"], late["problem"]["status"]) == ("deadline-expired", 503)
    assert head(any_system) == before


def test_the_answer_says_at_least_id_and_version_where_reading_cannot_follow(any_system, monkeypatch):
    monkeypatch.setattr(any_system.runtimes["clients"].projections, "wait", lambda *_: False)
    made = any_system.do("clients", "create_client", client())
    assert made.keys() == {"id", "version"}


def test_names_and_numbers_of_people_are_nowhere_in_the_store(any_system):
    person = {
        "kind": "individual",
        "name": "Кравцов-Неповторимый Илья",
        "phones": ["8 916 123-99-88"],
        "emails": ["nepovtorimy@romashka.example"],
        "note": "любит неповторимый дуб",
    }
    made = any_system.do("clients", "create_client", person)
    any_system.do("clients", "change_client", {"client_id": made["id"], "contact_person": "Неповторимая"}, version=1)
    task = {"title": "Неповторимая задача", "due_date": "2026-03-02", "client_id": made["id"]}
    any_system.do("clients", "assign_task", task)
    any_system.deliver()
    for name in ("clients", "deals", "documents", "reporting", "notifications"):
        stored = everything_stored(any_system, name)
        for word in (
            "еповторим",
            "nepovtorimy",
            "79161239988",
            "123-99-88",
            r"\u043f\u043e\u0432\u0442\u043e\u0440\u0438\u043c",
        ):
            assert word not in stored, (name, word)
    assert "еповторим" in repr(any_system.rows("clients"))


def everything_stored(system: System, name: str) -> str:
    """All text and bytes in the tables of the events' database, but for the read models."""
    database = system.runtimes[name].store.database
    with database.read() as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        if not database.is_sqlite:
            names = "SELECT 'store.' || tablename FROM pg_tables WHERE schemaname = 'store'"
        tables = list(connection.exec_driver_sql(names).scalars())
        assert len(tables) > 5
        rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    return repr(rows)


def test_every_read_model_rebuilt_is_the_same_as_the_live_one(any_system):
    fill(any_system)
    any_system.deliver()
    for name, runtime in any_system.runtimes.items():
        live = any_system.rows(name)
        runtime.projections.rebuild()
        assert any_system.rows(name) == live


def fill(system: System) -> None:
    """Something in every table."""
    manager = system.do("gateway", "create_user", {"name": "Белова Анна", "role": "sales_manager"})
    system.do("gateway", "create_api_key", {"user_id": manager["id"], "name": "ключ"})
    one = make(system, manager_id=manager["id"], phones=["8 495 1234567"], city="Тверь")
    system.do("clients", "assign_client", {"client_id": one["id"], "manager_id": None}, version=1)
    task = system.do("clients", "assign_task", {"title": "Звонок", "due_date": "2026-03-02", "client_id": one["id"]})
    system.do("clients", "complete_task", {"task_id": task["id"], "result": "ok"}, version=1)
    ours = system.do("documents", "create_organisation", REQUISITES)
    line = {"name": "Стол", "quantity": "2", "price": "61.00"}
    deal = system.do("deals", "open_deal", {"client_id": one["id"], "title": "Мебель", "lines": [line]})
    system.do("deals", "change_deal", {"deal_id": deal["id"], "title": "Кухня"}, version=1)
    system.do("deals", "change_deal_stage", {"deal_id": deal["id"], "stage": "payment"}, version=2)
    draft = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
    document = system.do("documents", "create_document", {**draft, "organisation_id": ours["id"]})
    system.do("documents", "issue_document", {"document_id": document["id"]}, version=1)
    system.do("documents", "mark_payment_overdue", {"document_id": document["id"], "today": "2026-04-01"})
    paid = {"document_id": document["id"], "amount": "122.00"}
    payment = {"client_id": one["id"], "date": "2026-04-02", "amount": "130.00", "allocations": [paid]}
    system.do("documents", "register_payment", payment)


def test_a_services_status_tells_how_far_each_part_has_come(any_system):
    make(any_system)
    any_system.deliver()
    status = any_system.runtimes["deals"].status()
    assert status["sources"]["clients"]["position"] == head(any_system)
    assert status["sources"]["clients"]["stopped"] is None
    assert {p["projection"] for p in status["projections"]} >= {"deals", "known_clients"}
    assert status["parked"] == {}
    assert not status["ready"]


@pytest.mark.parametrize(("position", "limit"), [(0, 3), (0, 100_000), (10**9, 10)])
def test_readers_that_catch_up_get_pages_of_what_was_published(any_system, position, limit):
    for _ in range(4):
        make(any_system)
    page = any_system.runtimes["clients"].messages_after(position, limit)
    assert len(page["messages"]) <= min(limit, 500)
    assert page["head"] == head(any_system)
    assert page["epochs"][-1][0] == any_system.runtimes["clients"].store.epoch
    positions = [int(message["position"]) for message in page["messages"]]
    assert positions == sorted(positions)


def test_who_repeats_a_request_sees_no_more_than_he_may_by_now(any_system):
    card = {"kind": "individual", "name": "Кравцов", "manager_id": None}
    anna = any_system.do("gateway", "create_user", {"name": "Анна", "role": "sales_manager"})["id"]
    any_system.deliver()
    context = replace(call_context("repeated"), actor=anna, rights=Rights(frozenset([anna])))
    made = any_system.ask("clients", "create_client", card, context)["result"]
    assert made["name"] == "Кравцов"
    handed = {"client_id": made["id"], "manager_id": None}
    any_system.do("clients", "assign_client", handed, made["version"])
    again = any_system.ask("clients", "create_client", card, replace(context))["result"]
    assert again == {"id": made["id"], "version": made["version"]}

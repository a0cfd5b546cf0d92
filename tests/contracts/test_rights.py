"""Whose rows a caller sees and changes, on every resource: his own, his team's, all."""

from dataclasses import replace
from typing import Any

import pytest

from services.kernel.ids import new_id
from services.kernel.rights import EVERYTHING, Rights
from services.kernel.store.claims import Append, StreamEvents
from services.notifications.events import MessagePlanned
from tests.contracts.valid import REQUISITES
from tests.system import System, call_context

OWNERS = ("anna", "boris", None)
LISTS = [
    ("clients", "list_clients"),
    ("clients", "list_tasks"),
    ("deals", "list_deals"),
    ("documents", "list_documents"),
    ("documents", "list_payments"),
    ("notifications", "list_messages"),
]
VIEWS = [
    ("clients", "get_client", "client_id"),
    ("clients", "get_task", "task_id"),
    ("deals", "get_deal", "deal_id"),
    ("documents", "get_document", "document_id"),
    ("documents", "get_payment", "payment_id"),
    ("notifications", "get_message", "message_id"),
]


class World:
    """For each owner a client with everything that can hang on it. `ids` are by call and owner."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.users = {name: self._user(name) for name in ("anna", "boris", "vera")}
        system.do("documents", "create_organisation", REQUISITES)
        self.ids: dict[str, dict[str | None, str]] = {name: {} for _, name in LISTS}
        for owner in OWNERS:
            self._fill(owner)
        system.deliver()

    def _user(self, name: str) -> str:
        made: str = self.system.do("gateway", "create_user", {"name": name, "role": "sales_manager"})["id"]
        return made

    def _fill(self, owner: str | None) -> None:
        user = self.users.get(owner) if owner else None
        do = self.system.do
        card = {"kind": "legal_entity", "name": new_id(), "manager_id": user, "phones": ["8 916 123-45-67"]}
        client = do("clients", "create_client", {**card, "allow_duplicate": True})["id"]
        task = {"title": "Звонок", "due_date": "2026-03-02", "client_id": client, "assignee_id": user}
        line = {"name": "Стол", "quantity": "1", "price": "122.00"}
        deal = do("deals", "open_deal", {"client_id": client, "title": "Мебель", "lines": [line]})["id"]
        draft = {"kind": "invoice", "deal_id": deal, "date": "2026-03-02", "due_date": "2026-03-12"}
        document = do("documents", "create_document", draft)["id"]
        do("documents", "issue_document", {"document_id": document}, version=1)
        payment = {"client_id": client, "date": "2026-03-02", "amount": "22.00", "purpose": "аванс"}
        made = {
            "list_clients": client,
            "list_tasks": do("clients", "assign_task", task)["id"],
            "list_deals": deal,
            "list_documents": document,
            "list_payments": do("documents", "register_payment", payment)["id"],
            "list_messages": self._letter(client, document),
        }
        for name, id_ in made.items():
            self.ids[name][owner] = id_

    def _letter(self, client: str, document: str) -> str:
        runtime = self.system.runtimes["notifications"]
        letter = MessagePlanned(new_id(), client, "email", "overdue", document, {}, (), "илья@example.ru", "Илья")
        context = call_context()
        runtime.store.append(Append(context, [StreamEvents(f"message:{letter.message_id}", 0, [letter])]))
        assert runtime.projections.wait("notifications", runtime.store.head().position, 10)
        return letter.message_id

    def rights(self, *names: str, masked: tuple[str, ...] = ()) -> Rights:
        return Rights(frozenset(self.users[name] for name in names), frozenset(masked))

    def ask(
        self, service: str, call: str, arguments: Any, rights: Rights, version: int | None = None, actor: str = ""
    ) -> Any:
        context = replace(call_context(version=version), rights=rights, actor=self.users.get(actor, "user-1"))
        return self.system.ask(service, call, arguments, context)

    def refused(self, service: str, call: str, arguments: Any, rights: Rights, version: int | None = None) -> Any:
        """What is refused leaves nothing behind."""
        store = self.system.runtimes[service].store
        before = store.head().position
        answer = self.ask(service, call, arguments, rights, version)
        assert store.head().position == before
        return answer["problem"]["status"], answer["problem"]["type"]


@pytest.fixture(scope="module")
def world(any_system):
    return World(any_system)


@pytest.mark.capability("GW-04")
@pytest.mark.parametrize(("service", "call"), LISTS)
def test_lists_show_own_team_or_all_rows(world, service, call):
    ids = world.ids[call]
    for rights, owners in (
        (world.rights("anna"), {"anna"}),
        (world.rights("anna", "boris"), {"anna", "boris"}),
        (world.rights("vera"), set()),
        (EVERYTHING, set(OWNERS)),
    ):
        for more in ({}, {"sort": "-version"}, {"filter": "id != null"}, {"filter": "NOT id = null OR version = 1"}):
            found = world.ask(service, call, {"limit": 500, **more}, rights)["result"]["items"]
            assert {one["id"] for one in found} & set(ids.values()) == {ids[owner] for owner in owners}


@pytest.mark.parametrize(("service", "call", "argument"), VIEWS)
def test_one_of_others_is_not_found(world, service, call, argument):
    ids = world.ids[next(lists for of, lists in LISTS if lists.startswith(call.replace("get_", "list_")))]
    for owner, id_ in ids.items():
        mine = world.ask(service, call, {argument: id_}, world.rights("anna"))
        if owner == "anna":
            assert mine["result"]["id"] == id_
        else:
            assert mine["problem"]["status"] == 404
            unknown = world.ask(service, call, {argument: "nothing"}, world.rights("anna"))["problem"]
            assert mine["problem"]["type"] == unknown["type"]
        assert world.ask(service, call, {argument: id_}, EVERYTHING)["result"]["id"] == id_


CHANGES = [
    ("clients", "change_client", "list_clients", "client_id", {"city": "Тверь"}),
    ("clients", "assign_client", "list_clients", "client_id", {"manager_id": None}),
    ("clients", "complete_task", "list_tasks", "task_id", {}),
    ("deals", "change_deal", "list_deals", "deal_id", {"title": "Другая"}),
    ("deals", "change_deal_stage", "list_deals", "deal_id", {"stage": "offer"}),
    ("documents", "issue_document", "list_documents", "document_id", {}),
]


@pytest.mark.parametrize(("service", "call", "lists", "argument", "fields"), CHANGES)
def test_what_is_others_cannot_be_changed(world, service, call, lists, argument, fields):
    for owner in ("boris", None):
        arguments = {argument: world.ids[lists][owner], **fields}
        for version in (None, 1, 7):  # whether it exists and how far it came is not told either
            refused = world.refused(service, call, arguments, world.rights("anna"), version)
            assert refused == (404, "not-found")


def test_own_things_are_changed_at_once_after_they_were_made(world):
    rights = world.rights("anna")
    card = {"kind": "legal_entity", "name": new_id()}
    made = world.ask("clients", "create_client", card, rights, actor="anna")["result"]
    assert made["manager_id"] == world.users["anna"]
    changed = world.ask("clients", "change_client", {"client_id": made["id"], "city": "Уфа"}, rights, version=1)
    assert changed["result"]["city"] == "Уфа"


def test_who_gives_away_what_was_his_is_answered_and_sees_it_no_more(world):
    rights = world.rights("anna")
    made = world.ask("clients", "create_client", {"kind": "legal_entity", "name": new_id()}, rights, actor="anna")
    away = {"client_id": made["result"]["id"], "manager_id": world.users["boris"]}
    key = new_id()
    context = replace(call_context(key, 1), rights=rights)
    given = world.system.ask("clients", "assign_client", away, context)
    assert given["result"]["manager_id"] == world.users["boris"]
    assert world.system.ask("clients", "assign_client", away, context)["result"]["version"] == 2
    assert world.refused("clients", "assign_client", away, rights, 2) == (404, "not-found")


def test_nothing_is_made_on_what_is_others(world):
    anna = world.rights("anna")
    client, deal = world.ids["list_clients"]["boris"], world.ids["list_deals"]["boris"]
    day = {"date": "2026-03-02", "due_date": "2026-03-12"}
    for service, call, arguments, kind in (
        (
            "clients",
            "create_client",
            {"kind": "legal_entity", "name": new_id(), "manager_id": world.users["boris"]},
            "",
        ),
        ("clients", "assign_task", {"title": "x", "due_date": "2026-03-02", "client_id": client}, "unknown-client"),
        ("deals", "open_deal", {"client_id": client, "title": "x"}, "unknown-client"),
        ("documents", "create_document", {"kind": "invoice", "deal_id": deal, **day}, "unknown-deal"),
        ("documents", "register_payment", {"client_id": client, "date": "2026-03-02", "amount": "1"}, "unknown-client"),
    ):
        assert world.refused(service, call, arguments, anna) == (422, kind or "others-manager")


def test_a_deal_of_ones_own_on_anothers_client_is_seen_with_its_documents(world):
    client = world.ids["list_clients"]["boris"]
    line = {"name": "Стол", "quantity": "1", "price": "122.00"}
    body = {"client_id": client, "title": "Вместе", "manager_id": world.users["vera"], "lines": [line]}
    deal = world.system.do("deals", "open_deal", body)["id"]
    draft = {"kind": "invoice", "deal_id": deal, "date": "2026-03-02", "due_date": "2026-03-12"}
    document = world.system.do("documents", "create_document", draft)["id"]
    for name in ("vera", "boris"):
        assert world.ask("deals", "get_deal", {"deal_id": deal}, world.rights(name))["result"]["id"] == deal
        found = world.ask("documents", "get_document", {"document_id": document}, world.rights(name))
        assert found["result"]["id"] == document
    assert world.ask("deals", "get_deal", {"deal_id": deal}, world.rights("anna"))["problem"]["status"] == 404
    world.system.do("deals", "change_deal", {"deal_id": deal, "manager_id": world.users["anna"]}, version=1)
    world.system.deliver()
    assert "result" in world.ask("documents", "get_document", {"document_id": document}, world.rights("anna"))
    gone = world.ask("documents", "get_document", {"document_id": document}, world.rights("vera"))
    assert gone["problem"]["status"] == 404


def test_rows_follow_a_client_to_its_new_manager_in_every_service(world):
    client = world.system.do("clients", "create_client", {"kind": "legal_entity", "name": new_id()})["id"]
    payment = {"client_id": client, "date": "2026-03-02", "amount": "1.00"}
    payment = world.system.do("documents", "register_payment", payment)["id"]
    deal = world.system.do("deals", "open_deal", {"client_id": client, "title": "x"})["id"]
    message = world._letter(client, "d-1")
    world.system.do("clients", "assign_client", {"client_id": client, "manager_id": world.users["vera"]}, version=1)
    world.system.deliver()
    vera = world.rights("vera")
    assert "result" in world.ask("documents", "get_payment", {"payment_id": payment}, vera)
    assert "result" in world.ask("deals", "get_deal", {"deal_id": deal}, vera)
    assert "result" in world.ask("notifications", "get_message", {"message_id": message}, vera)
    assert "result" in world.ask("reporting", "list_client_timeline", {"client_id": client}, vera)
    world.system.do("clients", "assign_client", {"client_id": client, "manager_id": None}, version=2)
    world.system.deliver()
    assert "problem" in world.ask("documents", "get_payment", {"payment_id": payment}, vera)
    assert "problem" in world.ask("notifications", "get_message", {"message_id": message}, vera)


def test_a_task_is_seen_by_who_is_to_do_it_and_by_who_asked_for_it(world):
    task = {"title": "Отчёт", "due_date": "2026-03-02", "assignee_id": world.users["boris"]}
    made = world.ask("clients", "assign_task", task, world.rights("vera"), actor="vera")["result"]
    assert made["author_id"] == world.users["vera"]
    for name, seen in (("vera", True), ("boris", True), ("anna", False)):
        assert ("result" in world.ask("clients", "get_task", {"task_id": made["id"]}, world.rights(name))) is seen


def test_reports_count_only_what_is_seen(world):
    for owner in ("anna", "boris"):
        rights = world.rights(owner)
        debts = world.ask("reporting", "report_receivables", {}, rights)["result"]["items"]
        assert {debt["client"]["id"] for debt in debts} == {world.ids["list_clients"][owner]}
        timeline = {"client_id": world.ids["list_clients"][owner]}
        assert world.ask("reporting", "list_client_timeline", timeline, rights)["result"]["items"]
    nobody = world.rights()
    assert world.ask("reporting", "report_receivables", {}, nobody)["result"]["items"] == []
    funnel = world.ask("reporting", "report_funnel", {}, nobody)["result"]["items"]
    assert {(row["deals"], row["amount"], row["conversion"]) for row in funnel} == {(0, "0.00", "0.0000")}
    every = world.ask("reporting", "report_funnel", {}, EVERYTHING)["result"]["items"]
    mine = world.ask("reporting", "report_funnel", {}, world.rights("boris"))["result"]["items"]
    assert 0 < sum(row["deals"] for row in mine) < sum(row["deals"] for row in every)
    others = {"client_id": world.ids["list_clients"]["boris"]}
    assert world.ask("reporting", "list_client_timeline", others, world.rights("anna"))["problem"]["status"] == 404


def test_operations_belong_to_who_started_them(world):
    table = {"content": "0J3QsNC40LzQtdC90L7QstCw0L3QuNC1CtCe0J7Qng=="}  # a heading and one row
    begun = world.ask("clients", "start_import", table, EVERYTHING, actor="anna")["result"]
    asked = {"operation_id": begun["id"]}
    for call in ("get_operation", "list_operation_rows", "list_revert_preview", "list_operation_history"):
        assert "result" in world.ask("clients", call, asked, world.rights("anna"))
        assert world.ask("clients", call, asked, world.rights("boris"))["problem"]["status"] == 404
    for number, call in enumerate(("stop_operation", "resume_operation"), 1):
        assert world.refused("clients", call, asked, world.rights("boris"), number) == (404, "not-found")
        assert "result" in world.ask("clients", call, asked, world.rights("anna"), number)
    for call in ("revert_operation", "list_revert_preview"):
        assert world.refused("clients", call, asked, world.rights("boris")) == (404, "not-found")


def test_many_clients_are_changed_only_among_those_that_are_seen(world):
    anna, ids = world.rights("anna"), world.ids["list_clients"]
    others = {"client_ids": [ids["anna"], ids["boris"]], "city": "Тверь"}
    refused = world.ask("clients", "edit_clients", others, anna)["problem"]
    assert (refused["status"], refused["errors"][0]["field"]) == (422, "client_ids.1")
    filtered = {"filter": f'id IN ("{ids["anna"]}", "{ids["boris"]}")', "city": "Тверь"}
    assert world.ask("clients", "edit_clients", filtered, anna)["result"]["total"] == 1
    masked = {"filter": 'phones : "123"', "city": "Тверь"}
    blamed = world.ask("clients", "edit_clients", masked, world.rights("anna", masked=("phone",)))["problem"]
    assert blamed["errors"][0]["code"] == "masked-field"


def test_phones_and_addresses_are_masked_in_views_and_answers(world):
    rights = world.rights("anna", masked=("phone", "email"))
    client = {"client_id": world.ids["list_clients"]["anna"]}
    seen = world.ask("clients", "get_client", client, rights)["result"]
    assert seen["phones"] == [{"written": "+7 *** ***-45-67", "number": "+7 *** ***-45-67", "kind": ""}]
    changed = world.ask("clients", "change_client", {**client, "note": "x"}, rights, seen["version"])["result"]
    assert changed["phones"] == seen["phones"]
    [message] = world.ask("notifications", "list_messages", client, rights)["result"]["items"]
    assert message["address"] == "и***@example.ru"


def test_what_is_masked_is_found_by_nobody_who_does_not_see_it(world):
    whole, masked = world.rights("anna"), world.rights("anna", masked=("phone",))
    for query in ("1234567", "8 916 123-45-67", "123-45"):
        assert world.ask("clients", "list_clients", {"q": query}, whole)["result"]["items"]
        assert world.ask("clients", "list_clients", {"q": query}, masked)["result"]["items"] == []
    assert world.ask("clients", "list_clients", {"q": "-"}, masked)["result"]["items"]
    refused = world.ask("clients", "list_clients", {"filter": 'phones : "123"'}, masked)["problem"]
    assert (refused["status"], refused["errors"][0]["code"]) == (422, "masked-field")
    sort = world.ask("notifications", "list_messages", {"sort": "address"}, world.rights("anna", masked=("email",)))
    assert sort["problem"]["errors"][0]["code"] == "masked-field"

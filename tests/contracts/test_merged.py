"""Clients that prove to be one, seen from every service that keeps something of them."""

from decimal import Decimal
from typing import Any

import pytest

from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.system import System

DAYS = {"date": "2026-03-02", "due_date": "2026-03-12"}
LINE = {"name": "Стол", "quantity": "1", "price": "100.00", "vat_rate": "none"}


class World:
    """Two clients, each with a deal, an invoice that is issued, and a task."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.ours = system.do("documents", "create_organisation", {**REQUISITES, "prefix": "М"})["id"]
        self.kept, self.other = self._client(), self._client()
        system.deliver()
        self.deals = {client: self.deal(client) for client in (self.kept, self.other)}
        self.invoices = {client: self.invoice(client) for client in (self.kept, self.other)}
        self._do("merge_clients")

    def _client(self) -> str:
        card = {"kind": "legal_entity", "name": new_id(), "emails": [f"{new_id()}@client.example"]}
        made: str = self.system.do("clients", "create_client", card)["id"]
        return made

    def _do(self, call: str) -> None:
        version = self.system.do("clients", "get_client", {"client_id": self.kept})["version"]
        self.system.do("clients", call, {"client_id": self.kept, "merged_id": self.other}, version)
        self.system.deliver()

    def unmerge(self) -> None:
        self._do("unmerge_clients")

    def deal(self, client: str) -> str:
        asked = {"client_id": client, "title": "Мебель", "lines": [LINE], "organisation_id": self.ours}
        made: str = self.system.do("deals", "open_deal", asked)["id"]
        self.system.deliver()
        return made

    def invoice(self, client: str) -> str:
        drafted = self.system.do(
            "documents", "create_document", {"kind": "invoice", "deal_id": self.deals[client], **DAYS}
        )
        issue = {"document_id": drafted["id"]}
        issued: str = self.system.do("documents", "issue_document", issue, drafted["version"])["id"]
        self.system.deliver()
        return issued

    def pay(self, client: str, *invoices: str) -> Any:
        allocations = [{"document_id": invoice, "amount": "100.00"} for invoice in invoices]
        amount = str(Decimal("100.00") * len(invoices))
        asked = {"client_id": client, "date": "2026-03-05", "amount": amount, "purpose": "счёт"}
        return self.system.ask("documents", "register_payment", {**asked, "allocations": allocations})

    def listed(self, service: str, call: str, client: str) -> dict[str, str]:
        items = self.system.do(service, call, {"client_id": client, "limit": 500})["items"]
        return {one["id"]: one["client_id"] for one in items}


@pytest.fixture(name="world")
def _world(any_system):
    return World(any_system)


def test_deals_and_documents_of_either_are_those_of_the_one_whichever_id_is_asked_for(world):
    for client in (world.kept, world.other):
        deals = world.listed("deals", "list_deals", client)
        assert deals == dict.fromkeys(world.deals.values(), world.kept)
        documents = world.listed("documents", "list_documents", client)
        assert documents == dict.fromkeys(world.invoices.values(), world.kept)
    one = world.system.do("deals", "get_deal", {"deal_id": world.deals[world.other]})
    assert one["client_id"] == world.kept


def test_what_comes_later_under_the_old_id_is_his_too(world):
    later = world.deal(world.other)
    assert world.listed("deals", "list_deals", world.kept)[later] == world.kept


def test_one_payment_pays_the_invoices_of_both_and_the_debt_is_one(world):
    system = world.system
    debt = {one["client"]["id"]: one["total"] for one in system.do("reporting", "report_receivables", {})["items"]}
    assert (debt[world.kept], world.other in debt) == ("200.00", False)
    paid = world.pay(world.other, *world.invoices.values())
    assert paid["result"]["client_id"] == world.kept
    system.deliver()
    debt = {one["client"]["id"]: one["total"] for one in system.do("reporting", "report_receivables", {})["items"]}
    assert world.kept not in debt


def test_an_act_of_reconciliation_has_the_entries_of_both(world):
    period = {"date_from": "2026-03-01", "date_to": "2026-03-31", "currency": "RUB"}
    asked = {"client_id": world.kept, "organisation_id": world.ours, **period}
    act = world.system.do("documents", "prepare_reconciliation", asked)
    told = world.system.events("documents", "ReconciliationPrepared")[-1]
    assert (act["id"], told.closing) == (told.reconciliation_id, Decimal("200.00"))


def test_a_document_issued_after_the_merging_has_the_requisites_of_the_one(world):
    issued = world.invoice(world.other)
    [told] = [one for one in world.system.events("documents", "InvoiceIssued") if one.document_id == issued]
    name = world.system.do("clients", "get_client", {"client_id": world.kept})["name"]
    assert told.buyer.name == name


def test_the_timeline_has_what_happened_to_either(world):
    for client in (world.kept, world.other):
        items = world.system.do("reporting", "list_client_timeline", {"client_id": client, "limit": 500})["items"]
        subjects = {one["subject"] for one in items if one["type"] == "DealOpened"}
        assert subjects == set(world.deals.values())
        assert "ClientsMerged" in {one["type"] for one in items}


def test_taken_apart_each_has_its_own_again_in_every_service(world):
    world.unmerge()
    for client in (world.kept, world.other):
        assert world.listed("deals", "list_deals", client) == {world.deals[client]: client}
        assert world.listed("documents", "list_documents", client) == {world.invoices[client]: client}
    debt = world.system.do("reporting", "report_receivables", {})["items"]
    assert {one["client"]["id"]: one["total"] for one in debt}[world.other] == "100.00"
    refused = world.pay(world.kept, world.invoices[world.other])
    assert refused["problem"]["type"] == "another-client"

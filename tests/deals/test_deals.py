"""The deals service in process."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.system import System, eventually, sqlite_urls

LINE = {"name": "Стол", "quantity": "2", "price": "61.00"}


def client(system: System) -> str:
    made: str = system.do("clients", "create_client", {"kind": "legal_entity", "name": new_id()})["id"]
    return made


def open_deal(system: System, **fields: Any) -> dict[str, Any]:
    body = {"client_id": client(system), "title": "Мебель", "lines": [LINE], **fields}
    made: dict[str, Any] = system.do("deals", "open_deal", body)
    return made


def test_a_deal_is_opened_moved_and_listed(system):
    user = system.do("gateway", "create_user", {"name": "Анна", "role": "sales_manager"})["id"]
    ours = system.do("documents", "create_organisation", REQUISITES)["id"]
    deal = open_deal(system, manager_id=user, organisation_id=ours)
    assert (deal["stage"], deal["amount"], deal["currency"], deal["paid"]) == ("new", "122.00", "RUB", "0.00")
    move = {"deal_id": deal["id"], "stage": "lost", "reason": "дорого"}
    moved = system.do("deals", "change_deal_stage", move, version=1)
    assert (moved["stage"], moved["reason"], moved["version"]) == ("lost", "дорого", 3)
    for query in ({"manager_id": user}, {"client_id": deal["client_id"]}, {"stage": "lost"}):
        assert deal["id"] in [one["id"] for one in system.do("deals", "list_deals", query)["items"]]


def test_lines_and_their_sum_change_together(system):
    deal = open_deal(system)
    lines = [LINE, {**LINE, "price": "0.005", "quantity": "1"}]
    assert system.refusal("deals", "change_deal", {"deal_id": deal["id"], "lines": lines}, version=1)["status"] == 422
    lines[1]["price"] = "0.01"
    changed = system.do("deals", "change_deal", {"deal_id": deal["id"], "lines": lines}, version=1)
    assert (changed["amount"], len(changed["lines"])) == ("122.01", 2)


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        ({"client_id": "nobody"}, "unknown-client", "client_id"),
        ({"manager_id": "nobody"}, "unknown-user", "manager_id"),
        ({"organisation_id": "nothing"}, "unknown-organisation", "organisation_id"),
        ({"pipeline": "nothing"}, "unknown-pipeline", "pipeline"),
    ],
)
def test_what_nobody_knows_is_blamed(system, fields, kind, field):
    body = {"client_id": client(system), "title": "Мебель", **fields}
    refused = system.refusal("deals", "open_deal", body)
    assert (refused["type"], refused["status"], refused["errors"][0]["field"]) == (kind, 422, field)
    if field in ("manager_id", "organisation_id"):
        change = {"deal_id": open_deal(system)["id"], **fields}
        assert system.refusal("deals", "change_deal", change, version=1)["type"] == kind


def test_the_pipelines_are_listed_with_their_stages(system):
    [default] = system.do("deals", "list_pipelines", {})["items"]
    assert [stage["name"] for stage in default["stages"]][-2:] == ["won", "lost"]


@pytest.mark.usefixtures("_quick_to_stop")
def test_a_deal_follows_what_is_paid_of_its_invoices_and_is_won_when_all_is(tmp_path):
    system = System(tmp_path, sqlite_urls(tmp_path), ["clients", "deals", "documents"])
    try:
        system.react("deals")
        system.do("documents", "create_organisation", REQUISITES)
        deal = open_deal(system)
        system.do("deals", "change_deal_stage", {"deal_id": deal["id"], "stage": "payment"}, version=1)
        draft = {"kind": "invoice", "deal_id": deal["id"], "date": "2026-03-02", "due_date": "2026-03-12"}
        document = system.do("documents", "create_document", draft)
        system.do("documents", "issue_document", {"document_id": document["id"]}, version=1)

        def paid(amount: str) -> Any:
            now = system.do("deals", "get_deal", {"deal_id": deal["id"]})
            return now if now["paid"] == amount else None

        payments = []
        for amount, so_far in (("22.00", "22.00"), ("100.00", "122.00")):
            part = {"document_id": document["id"], "amount": amount}
            body = {"client_id": deal["client_id"], "date": "2026-03-20", "amount": amount, "allocations": [part]}
            payments.append(system.do("documents", "register_payment", body))
            system.deliver()
            now = eventually(partial(paid, so_far), 30)
        assert now["stage"] == "won"
        [in_full] = system.events("deals", "DealPaid")
        assert (in_full.invoice_id, in_full.amount) == (document["id"], Decimal("122.00"))
        back = {"payment_id": payments[0]["id"], "reason": "ошибка банка"}
        system.do("documents", "cancel_payment", back, version=1)
        system.deliver()
        assert eventually(partial(paid, "100.00"), 30)["stage"] == "won"
    finally:
        system.close()

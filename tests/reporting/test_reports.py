"""Reports over what others publish."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.kernel.clock import company_today
from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.system import System, sqlite_urls

LINE = {"name": "Стол", "quantity": "1", "price": "122.00"}


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "deals", "documents", "reporting"])
    running.do("documents", "create_organisation", REQUISITES)
    yield running
    running.close()


def client(system: System, name: str = "") -> str:
    made: str = system.do("clients", "create_client", {"kind": "legal_entity", "name": name or new_id()})["id"]
    return made


def deal(system: System, client_id: str, *stages: str, **fields: Any) -> str:
    body = {"client_id": client_id, "title": "Мебель", "lines": [LINE], **fields}
    made = system.do("deals", "open_deal", body)
    for stage in stages:
        move = {"deal_id": made["id"], "stage": stage, "reason": "так вышло"}
        made = system.do("deals", "change_deal_stage", move, made["version"])
    found: str = made["id"]
    return found


def invoice(system: System, client_id: str, due: str, dated: str = "2026-01-12", **of_deal: Any) -> dict[str, Any]:
    body = {"kind": "invoice", "deal_id": deal(system, client_id, **of_deal), "date": dated, "due_date": due}
    draft = system.do("documents", "create_document", body)
    issued: dict[str, Any] = system.do("documents", "issue_document", {"document_id": draft["id"]}, version=1)
    return issued


def pay(system: System, one: dict[str, Any], amount: str, on: str = "2026-01-20") -> str:
    part = {"document_id": one["id"], "amount": amount}
    body = {"client_id": one["client_id"], "date": on, "amount": amount, "allocations": [part]}
    made: str = system.do("documents", "register_payment", {**body, "currency": one["currency"]})["id"]
    return made


def report(system: System, name: str, **arguments: Any) -> list[dict[str, Any]]:
    system.deliver()
    items: list[dict[str, Any]] = system.do("reporting", f"report_{name}", arguments)["items"]
    return items


@pytest.mark.capability("RE-19")
def test_the_funnel_counts_where_deals_stand_and_how_far_they_came(system):
    who = client(system)
    deal(system, who)
    deal(system, who, "qualified", "offer")
    deal(system, who, "offer", "lost")
    deal(system, who, "qualified", "new")
    deal(system, who, currency="USD")
    rows = {row["stage"]: row for row in report(system, "funnel")}
    assert list(rows) == ["new", "qualified", "offer", "contract", "fulfilment", "payment", "won", "lost"]
    assert {stage: (row["deals"], row["amount"]) for stage, row in rows.items() if row["deals"]} == {
        "new": (2, "244.00"),
        "offer": (1, "122.00"),
        "lost": (1, "122.00"),
    }
    assert {stage: row["conversion"] for stage, row in rows.items()} == {
        "new": "1.0000",
        "qualified": "0.5000",
        "offer": "0.5000",
        "contract": "0.0000",
        "fulfilment": "0.0000",
        "payment": "0.0000",
        "won": "0.0000",
        "lost": "0.2500",
    }
    dollars = report(system, "funnel", currency="USD")
    assert [(row["stage"], row["deals"]) for row in dollars if row["deals"]] == [("new", 1)]


def test_the_funnel_of_nothing_is_empty_and_not_a_mistake(system):
    assert {(row["deals"], row["amount"], row["conversion"]) for row in report(system, "funnel")} == {
        (0, "0.00", "0.0000")
    }


def test_receivables_are_aged_by_client_and_currency(system):
    debtor, other, paid_up = client(system, "ООО «Должник»"), client(system), client(system)
    for due in ("2026-02-01", "2026-01-31", "2026-01-02", "2026-01-01", "2025-12-02"):
        invoice(system, debtor, max(due, "2026-01-12"))
    pay(system, invoice(system, debtor, "2026-02-27"), "22.00")
    invoice(system, debtor, "2026-02-27", currency="USD")
    invoice(system, other, "2026-04-30")
    pay(system, invoice(system, paid_up, "2026-01-30"), "122.00")
    rows = report(system, "receivables", date="2026-03-03")
    found = {(row["client"]["id"], row["currency"]): row for row in rows}
    assert found.keys() == {(debtor, "RUB"), (debtor, "USD"), (other, "RUB")}
    roubles = found[debtor, "RUB"]
    assert roubles["client"]["name"] == "ООО «Должник»"
    assert (roubles["total"], roubles["overdue"]) == ("710.00", "710.00")
    assert roubles["buckets"] == {
        "not_due": "0.00",
        "1-30": "222.00",
        "31-60": "488.00",
        "61-90": "0.00",
        "90+": "0.00",
    }
    assert found[other, "RUB"]["buckets"]["not_due"] == "122.00"
    assert found[other, "RUB"]["overdue"] == "0.00"
    for row in rows:
        assert sum(map(Decimal, row["buckets"].values())) == Decimal(row["total"])


def owed(system: System, **arguments: Any) -> list[str]:
    return [row["total"] for row in report(system, "receivables", **arguments)]


def test_receivables_of_a_past_day_know_nothing_of_what_came_later(system):
    who = client(system)
    one = invoice(system, who, "2026-03-02", dated="2026-02-02")
    pay(system, one, "22.00", on="2026-02-20")
    pay(system, one, "100.00", on="2026-03-20")
    invoice(system, who, "2026-04-30", dated="2026-04-01")
    days = ("2026-02-01", "2026-02-02", "2026-02-19", "2026-02-20", "2026-03-19", "2026-03-20", "2026-04-01")
    found = {day: owed(system, date=day) for day in days}
    assert found == {
        "2026-02-01": [],
        "2026-02-02": ["122.00"],
        "2026-02-19": ["122.00"],
        "2026-02-20": ["100.00"],
        "2026-03-19": ["100.00"],
        "2026-03-20": [],
        "2026-04-01": ["122.00"],
    }
    [row] = report(system, "receivables", date="2026-03-19")
    assert (row["overdue"], row["buckets"]["1-30"]) == ("100.00", "100.00")


def test_what_is_dated_ahead_is_owed_now_and_on_no_day_before(system):
    ahead = (company_today() + timedelta(days=20)).isoformat()
    invoice(system, client(system), ahead, dated=ahead)
    assert (owed(system), owed(system, date=company_today().isoformat())) == (["122.00"], [])


def test_a_cancelled_payment_is_owed_again_and_a_cancelled_invoice_no_more_from_that_day_on(system):
    today, before = company_today(), company_today() - timedelta(days=1)
    one = invoice(system, client(system), "2026-02-02")
    paid = pay(system, one, "22.00")
    system.do("documents", "cancel_payment", {"payment_id": paid, "reason": "ошибка банка"}, version=1)
    assert [owed(system), owed(system, date=today.isoformat())] == [["122.00"], ["122.00"]]
    assert owed(system, date=before.isoformat()) == ["100.00"]
    now = system.do("documents", "get_document", {"document_id": one["id"]})
    system.do("documents", "cancel_document", {"document_id": one["id"], "reason": "отказ"}, now["version"])
    assert [owed(system), owed(system, date=today.isoformat())] == [[], []]
    assert owed(system, date=before.isoformat()) == ["100.00"]


@pytest.mark.parametrize(
    ("name", "arguments", "field"),
    [
        ("funnel", {"pipeline": "nonsense"}, "pipeline"),
        ("funnel", {"currency": "XXX"}, "currency"),
        ("funnel", {"stage": "new"}, "stage"),
        ("receivables", {"date": "вчера"}, "date"),
        ("receivables", {"limit": "١"}, "limit"),
    ],
)
def test_a_report_of_what_there_is_not_is_refused(system, name, arguments, field):
    refused = system.refusal("reporting", f"report_{name}", arguments)
    assert (refused["status"], refused["errors"][0]["field"]) == (422, field)


def test_receivables_come_page_by_page_without_loss(system):
    debtors = {client(system) for _ in range(5)}
    for debtor in debtors:
        invoice(system, debtor, "2026-02-01")
    system.deliver()
    seen, asked = [], {"limit": "2"}
    while True:
        page = system.do("reporting", "report_receivables", asked)
        seen += [row["client"]["id"] for row in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert sorted(seen) == sorted(debtors)


def test_the_timeline_of_a_client_brings_all_services_together_in_order(system):
    who = client(system)
    one = invoice(system, who, "2026-02-02")
    pay(system, one, "122.00")
    task = {"title": "Позвонить", "due_date": "2026-03-02", "client_id": who}
    system.do("clients", "assign_task", task)
    client(system)
    system.deliver()
    page = system.do("reporting", "list_client_timeline", {"client_id": who})
    assert [row["type"] for row in page["items"]] == [
        "ClientCreated",
        "DealOpened",
        "InvoiceIssued",
        "PaymentReceived",
        "InvoicePaid",
        "TaskAssigned",
    ]
    issued = page["items"][2]["facts"]
    assert (issued["number"], issued["total"], issued["currency"]) == (one["number"], "122.00", "RUB")
    assert page["items"][5]["facts"]["title"] == "Позвонить"
    assert system.refusal("reporting", "list_client_timeline", {"client_id": "nobody"})["status"] == 404

"""The documents service in process: drafts, numbers, payments, what is owed and what is overdue."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.kernel.clock import company_midnight, company_today
from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.system import System, eventually, sqlite_urls

LINE = {"name": "Стол", "quantity": "2", "price": "61.00"}
DRAFT = {"kind": "invoice", "date": "2026-03-02", "due_date": "2026-03-12"}


@pytest.fixture(scope="module")
def ours(system: System) -> list[str]:
    """Two organisations of our own."""
    other = {**REQUISITES, "prefix": "Б-", "tax_regime": "usn"}
    return [system.do("documents", "create_organisation", one)["id"] for one in (REQUISITES, other)]


def client(system: System) -> str:
    made: str = system.do("clients", "create_client", {"kind": "legal_entity", "name": f"ООО «{new_id()}»"})["id"]
    return made


def deal(system: System, client_id: str = "", **fields: Any) -> str:
    body = {"client_id": client_id or client(system), "title": "Мебель", "lines": [LINE], **fields}
    made: str = system.do("deals", "open_deal", body)["id"]
    return made


def draft(system: System, organisation_id: str, **fields: Any) -> dict[str, Any]:
    body = {**DRAFT, "organisation_id": organisation_id, **fields}
    made: dict[str, Any] = system.do(
        "documents", "create_document", {"deal_id": fields.get("deal_id") or deal(system), **body}
    )
    return made


def issue(system: System, drafted: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = system.do("documents", "issue_document", {"document_id": drafted["id"]}, drafted["version"])
    return made


def pay(system: System, invoice: dict[str, Any], part: str, **fields: Any) -> Any:
    allocations = [{"document_id": invoice["id"], "amount": part}]
    body = {"client_id": invoice["client_id"], "date": "2026-03-20", "amount": part, "allocations": allocations}
    body |= fields
    return system.do("documents", "register_payment", body)


def cancel(system: System, invoice: dict[str, Any]) -> dict[str, Any]:
    asked = {"document_id": invoice["id"], "reason": "Заказ отменён"}
    made: dict[str, Any] = system.do("documents", "cancel_document", asked, invoice["version"])
    return made


def seen(system: System, invoice: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = system.do("documents", "get_document", {"document_id": invoice["id"]})
    return found


def test_a_draft_takes_lines_client_and_currency_from_its_deal(system, ours):
    of = deal(system, currency="EUR")
    drafted = draft(system, ours[0], deal_id=of)
    assert (drafted["state"], drafted["number"], drafted["currency"], drafted["deal_id"]) == ("draft", None, "EUR", of)
    assert [line["name"] for line in drafted["lines"]] == ["Стол"]
    own = draft(system, ours[0], lines=[{**LINE, "name": "Шкаф"}])
    assert [line["name"] for line in own["lines"]] == ["Шкаф"]


def test_an_issued_invoice_has_number_sums_and_the_basis_of_its_requisites(system, ours):
    issued = issue(system, draft(system, ours[0]))
    assert (issued["state"], issued["number"][:2], issued["version"]) == ("issued", "МС", 2)
    assert (issued["net"], issued["vat"], issued["total"], issued["open"]) == ("100.00", "22.00", "122.00", "122.00")
    assert issued["basis"].startswith("clients:")
    again = system.refusal("documents", "issue_document", {"document_id": issued["id"]}, version=2)
    assert (again["type"], again["status"]) == ("already-issued", 409)


def test_numbers_run_by_organisation_and_year_without_a_gap(system, ours):
    first = [issue(system, draft(system, ours[1]))["number"] for _ in range(3)]
    of_other_year = issue(system, draft(system, ours[1], date="2025-03-02", due_date="2025-03-12"))["number"]
    drafted = draft(system, ours[1], lines=[{**LINE, "vat_rate": "20"}])
    assert system.refusal("documents", "issue_document", {"document_id": drafted["id"]}, version=1)["status"] == 422
    last = issue(system, draft(system, ours[1]))["number"]
    assert [*first, last] == ["Б-1", "Б-2", "Б-3", "Б-4"]
    assert of_other_year == "Б-1"


def test_many_issued_at_once_share_no_number_and_leave_none_out(system):
    organisation = system.do("documents", "create_organisation", {**REQUISITES, "prefix": "М"})["id"]
    drafts = [draft(system, organisation) for _ in range(24)]
    numbers: list[str] = []

    def work(mine: list[dict[str, Any]]) -> None:
        numbers.extend(issue(system, one)["number"] for one in mine)

    threads = [threading.Thread(target=work, args=(drafts[place::12],)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers, key=lambda number: int(number[1:])) == [f"М{n}" for n in range(1, 25)]


def test_an_invoice_keeps_the_requisites_it_was_issued_with(system):
    organisation = system.do("documents", "create_organisation", REQUISITES)
    issued = issue(system, draft(system, organisation["id"]))
    moved = {**REQUISITES, "address": "Кострома", "organisation_id": organisation["id"]}
    assert system.do("documents", "change_organisation", moved, version=1)["address"] == "Кострома"
    [event] = [e for e in system.events("documents", "InvoiceIssued") if e.document_id == issued["id"]]
    assert event.seller.address == REQUISITES["address"]


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        ({"deal_id": "nothing"}, "unknown-deal", "deal_id"),
        ({"organisation_id": "nothing"}, "unknown-organisation", "organisation_id"),
        ({"organisation_id": None}, "organisation-required", "organisation_id"),
        ({"due_date": "2026-03-01"}, "due-before-date", "due_date"),
        ({"due_date": "2062-03-12"}, "due-too-far-ahead", "due_date"),
        ({"date": "2062-03-02", "due_date": "2062-03-12"}, "date-too-far-ahead", "date"),
        ({"lines": [{**LINE, "price": "999999999999.99"}]}, "amount-too-large", "lines.0"),
    ],
)
def test_a_draft_is_refused_by_the_field_that_is_wrong(system, ours, fields, kind, field):
    body = {**DRAFT, "deal_id": deal(system), "organisation_id": ours[0], **fields}
    refused = system.refusal("documents", "create_document", body)
    assert (refused["type"], refused["status"], refused["errors"][0]["field"]) == (kind, 422, field)


def test_a_payment_in_parts_closes_the_invoice_with_its_last_kopeck(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    first = pay(system, invoice, "22.00", purpose="Оплата по счёту")
    assert (first["unallocated"], first["organisation_id"]) == ("0.00", ours[0])
    assert (seen(system, invoice)["state"], seen(system, invoice)["open"]) == ("issued", "100.00")
    pay(system, invoice, "100.00")
    assert (seen(system, invoice)["state"], seen(system, invoice)["open"]) == ("paid", "0.00")
    [paid] = [e for e in system.events("documents", "InvoicePaid") if e.document_id == invoice["id"]]
    assert paid.amount == Decimal("122.00")


def test_many_payments_at_once_never_pay_more_than_is_owed(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    outcomes: list[str] = []

    def work() -> None:
        part = {"document_id": invoice["id"], "amount": "50.00"}
        body = {"client_id": invoice["client_id"], "date": "2026-03-20", "amount": "50.00", "allocations": [part]}
        answer = system.ask("documents", "register_payment", body)
        outcomes.append(answer.get("problem", {"type": "done"})["type"])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["allocation-too-large"] * 4 + ["done"] * 2
    assert seen(system, invoice)["open"] == "22.00"


@pytest.mark.parametrize(
    ("fields", "kind", "field"),
    [
        ({"client_id": "nobody"}, "unknown-client", "client_id"),
        ({"organisation_id": "nothing"}, "unknown-organisation", "organisation_id"),
        ({"organisation_id": None, "allocations": []}, "organisation-required", "organisation_id"),
        ({"allocations": [{"document_id": "no", "amount": "1.00"}]}, "unknown-document", "allocations.0.document_id"),
        ({"amount": "1.00"}, "allocated-too-much", "allocations"),
        ({"date": "2099-01-01"}, "paid-in-future", "date"),
        ({"currency": "USD"}, "another-currency", "allocations.0.document_id"),
    ],
)
def test_a_payment_is_refused_by_the_field_that_is_wrong(system, ours, fields, kind, field):
    invoice = issue(system, draft(system, ours[0]))
    part = {"document_id": invoice["id"], "amount": "122.00"}
    body = {"client_id": invoice["client_id"], "date": "2026-03-20", "amount": "122.00", "allocations": [part]}
    refused = system.refusal("documents", "register_payment", {**body, "organisation_id": ours[0], **fields})
    assert (refused["type"], refused["status"], refused["errors"][0]["field"]) == (kind, 422, field)


def test_money_and_quantities_come_back_in_one_form(system, ours):
    line = {"name": "Стол", "quantity": "02.500", "price": "10"}
    drafted = draft(system, ours[0], lines=[line])
    assert [(line["quantity"], line["price"]) for line in drafted["lines"]] == [("2.5", "10.00")]
    invoice = issue(system, drafted)
    assert [(line["quantity"], line["price"]) for line in invoice["lines"]] == [("2.5", "10.00")]
    paid = pay(system, invoice, "1", amount="7.5")
    assert (paid["amount"], paid["unallocated"], paid["allocations"][0]["amount"]) == ("7.50", "6.50", "1.00")
    [event] = [e for e in system.events("documents", "PaymentReceived") if e.payment_id == paid["id"]]
    assert [str(amount) for amount in (event.amount, event.unallocated, event.allocations[0].amount)] == [
        "7.50",
        "6.50",
        "1.00",
    ]


def test_a_payment_happened_on_its_date(system, ours):
    paid = pay(system, issue(system, draft(system, ours[0])), "1.00")
    [recorded] = system.runtimes["documents"].store.read_stream(f"payment:{paid['id']}")
    assert recorded.occurred_at == company_midnight(date(2026, 3, 20))


def test_a_cancelled_invoice_keeps_its_number_is_owed_no_more_and_never_overdue(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    cancelled = cancel(system, invoice)
    assert [cancelled[name] for name in ("state", "number", "open", "total")] == [
        "cancelled",
        invoice["number"],
        "0.00",
        "122.00",
    ]
    today = {"document_id": invoice["id"], "today": "2026-05-01"}
    assert not system.do("documents", "mark_payment_overdue", today)["overdue"]
    again = {"document_id": invoice["id"], "reason": "ещё раз"}
    assert system.refusal("documents", "cancel_document", again, cancelled["version"])["type"] == "document-cancelled"
    assert issue(system, draft(system, ours[0]))["number"] != invoice["number"]


def test_an_overdue_invoice_that_is_cancelled_is_overdue_no_more(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    system.do("documents", "mark_payment_overdue", {"document_id": invoice["id"], "today": "2026-05-01"})
    assert not cancel(system, seen(system, invoice))["overdue"]


def test_an_invoice_is_cancelled_only_after_the_money_on_it_was_taken_back(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    paid = pay(system, invoice, "122.00", amount="130.00")
    asked = {"document_id": invoice["id"], "reason": "Заказ отменён"}
    refused = system.refusal("documents", "cancel_document", asked, seen(system, invoice)["version"])
    assert (refused["type"], refused["status"]) == ("money-allocated", 409)
    back = system.do("documents", "cancel_payment", {"payment_id": paid["id"], "reason": "ошибка банка"}, version=1)
    assert (back["cancelled"], back["version"], back["unallocated"], back["allocations"]) == (True, 2, "0.00", [])
    assert (seen(system, invoice)["state"], seen(system, invoice)["open"]) == ("issued", "122.00")
    again = {"payment_id": paid["id"], "reason": "ещё раз"}
    assert system.refusal("documents", "cancel_payment", again, version=2)["type"] == "payment-already-cancelled"
    assert cancel(system, seen(system, invoice))["state"] == "cancelled"


def test_what_was_cancelled_leaves_nothing_in_a_reconciliation(system, ours):
    who = client(system)
    invoice = issue(system, draft(system, ours[0], deal_id=deal(system, who)))
    paid = pay(system, invoice, "22.00")
    system.do("documents", "cancel_payment", {"payment_id": paid["id"], "reason": "ошибка"}, version=1)
    cancel(system, seen(system, invoice))
    period = {"client_id": who, "organisation_id": ours[0], "date_from": "2026-01-01"}
    act = system.do("documents", "prepare_reconciliation", {**period, "date_to": company_today().isoformat()})
    [event] = [e for e in system.events("documents", "ReconciliationPrepared") if e.reconciliation_id == act["id"]]
    assert sorted((str(entry.debit), str(entry.credit)) for entry in event.entries) == [
        ("-122.00", "0.00"),
        ("0.00", "-22.00"),
        ("0.00", "22.00"),
        ("122.00", "0.00"),
    ]
    assert act["closing"] == "0.00"


def test_a_payment_goes_to_nobody_elses_invoice(system, ours):
    theirs, invoice = issue(system, draft(system, ours[0])), issue(system, draft(system, ours[0]))
    part = {"document_id": theirs["id"], "amount": "1.00"}
    body = {"client_id": invoice["client_id"], "date": "2026-03-20", "amount": "1.00", "allocations": [part]}
    assert system.refusal("documents", "register_payment", body)["type"] == "another-client"
    body |= {"client_id": theirs["client_id"], "organisation_id": ours[1]}
    assert system.refusal("documents", "register_payment", body)["type"] == "another-organisation"


def test_overdue_is_said_once_by_whoever_says_it_and_caused_by_the_invoice(system, ours):
    invoice = issue(system, draft(system, ours[0]))
    for today in ("2026-03-12", "2026-03-13", "2026-03-14"):
        system.do("documents", "mark_payment_overdue", {"document_id": invoice["id"], "today": today})
    assert seen(system, invoice)["overdue"]
    recorded = system.runtimes["documents"].store.read_stream(f"document:{invoice['id']}")
    assert [one.type for one in recorded] == ["DocumentDrafted", "InvoiceIssued", "PaymentOverdue"]
    assert recorded[2].causation_id == recorded[1].id
    assert recorded[2].event.days == 1


def test_a_reconciliation_act_books_what_lies_between_two_sides(system, ours):
    who = client(system)
    invoice = issue(system, draft(system, ours[0], deal_id=deal(system, who), date="2025-12-20", due_date="2025-12-30"))
    issue(system, draft(system, ours[0], deal_id=deal(system, who)))
    issue(system, draft(system, ours[1], deal_id=deal(system, who)))
    issue(system, draft(system, ours[0], deal_id=deal(system, who, currency="USD")))
    pay(system, invoice, "22.00", amount="30.00")
    period = {"client_id": who, "organisation_id": ours[0], "date_from": "2026-01-01", "date_to": "2026-03-31"}
    act = system.do("documents", "prepare_reconciliation", period)
    [event] = [e for e in system.events("documents", "ReconciliationPrepared") if e.reconciliation_id == act["id"]]
    assert event.opening == Decimal("122.00")
    assert [(entry.debit, entry.credit) for entry in event.entries] == [
        (Decimal("122.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("30.00")),
    ]
    assert (act["closing"], act["currency"]) == ("214.00", "RUB")
    assert system.runtimes["documents"].blobs.get(act["pdf"]).startswith(b"%PDF-")


def test_a_reconciliation_act_of_a_period_that_runs_backwards_is_refused(system, ours):
    period = {
        "client_id": client(system),
        "organisation_id": ours[0],
        "date_from": "2026-03-31",
        "date_to": "2026-01-01",
    }
    assert system.refusal("documents", "prepare_reconciliation", period)["errors"][0]["field"] == "date_to"


@pytest.mark.usefixtures("_quick_to_stop")
def test_an_issued_invoice_is_printed_and_one_past_its_due_date_is_said_to_be_overdue(tmp_path):
    system = System(tmp_path, sqlite_urls(tmp_path), ["clients", "deals", "documents"])
    try:
        system.react("documents")
        organisation = system.do("documents", "create_organisation", REQUISITES)["id"]
        late, today = company_today() - timedelta(days=30), company_today()
        overdue = issue(
            system, draft(system, organisation, date=late.isoformat(), due_date=(late + timedelta(days=5)).isoformat())
        )
        in_time = issue(system, draft(system, organisation, date=today.isoformat(), due_date=today.isoformat()))
        found = eventually(
            lambda: seen(system, overdue)["overdue"] and seen(system, overdue)["pdf"] and seen(system, overdue), 60
        )
        content = system.runtimes["documents"].blobs.get(found["pdf"])
        assert (len(content), content[:5]) == (found["pdf_size"], b"%PDF-")
        assert eventually(lambda: seen(system, in_time)["pdf"], 30)
        assert not seen(system, in_time)["overdue"]
        types = [one.type for one in system.runtimes["documents"].store.read_stream(f"document:{overdue['id']}")]
        assert sorted(types) == ["DocumentDrafted", "DocumentRendered", "InvoiceIssued", "PaymentOverdue"]
    finally:
        system.close()

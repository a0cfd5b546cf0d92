from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.commands import Allocation, CancelDocument, MarkPaymentOverdue
from services.documents.domain import settlement
from services.documents.domain.invoice import AlreadyIssued, Invoice, evolve, issue_invoice
from services.documents.events import (
    AllocationCancelled,
    InvoiceCancelled,
    InvoicePaid,
    PaymentAllocated,
    PaymentCancelled,
    PaymentOverdue,
)
from tests.documents.domain.samples import BUYER, DAY, DUE, SELLER, draft, issued, payment

TODAY = date(2026, 4, 6)
CANCEL = CancelDocument("i-1", "Заказ отменён")


def blamed(refused: Any) -> list[str]:
    return [error.field for error in refused.value.errors]


def after(invoice: Invoice, *events: Any) -> Invoice:
    for event in events:
        invoice = evolve(invoice, event)
    return invoice


def cancelled() -> Invoice:
    return after(issued(), *settlement.cancel_document(issued(), CANCEL, TODAY))


def taken_back(amount: str, invoice: Invoice) -> list[Any]:
    part = Allocation("i-1", Decimal(amount))
    payment = PaymentCancelled("p-1", "c-1", "o-1", TODAY, part.amount, "RUB", (part,), "ошибка")
    return list(settlement.cancel_allocation(invoice, part, payment))


def overdue_on(invoice: Invoice, today: date) -> list[Any]:
    return list(settlement.mark_payment_overdue(invoice, MarkPaymentOverdue("i-1", today)))


def test_a_payment_in_parts_leaves_the_rest_open():
    invoice = issued()
    [part] = settlement.allocate_payment(invoice, payment("100.00", ("i-1", "21.99")), 0)
    assert part == PaymentAllocated(
        "i-1", "p-1", "c-1", date(2026, 3, 20), Decimal("21.99"), Decimal("100.01"), "d-1", Decimal("21.99")
    )
    invoice = after(invoice, part)
    assert (invoice.state, invoice.open) == ("issued", Decimal("100.01"))
    rest = settlement.allocate_payment(invoice, payment("100.01", ("i-1", "100.01")), 0)
    assert rest[1:] == [InvoicePaid("i-1", "МС1", "c-1", "d-1", date(2026, 3, 20), Decimal("122.00"), "RUB")]
    assert (after(invoice, *rest).state, after(invoice, *rest).open) == ("paid", Decimal("0.00"))


@pytest.mark.parametrize(
    ("invoice", "paid", "refusal", "field"),
    [
        (draft(), payment("1.00", ("i-1", "1.00")), settlement.NotIssued, "allocations.0.document_id"),
        (issued(), payment("200.00", ("i-1", "122.01")), settlement.AllocationTooLarge, "allocations.0.amount"),
        (cancelled(), payment("1.00", ("i-1", "1.00")), settlement.DocumentCancelled, "allocations.0.document_id"),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), client_id="c-2"),
            settlement.AnotherClient,
            "allocations.0.document_id",
        ),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), organisation_id="o-2"),
            settlement.AnotherOrganisation,
            "allocations.0.document_id",
        ),
        (
            issued(),
            payment("1.00", ("i-1", "1.00"), currency="USD"),
            settlement.AnotherCurrency,
            "allocations.0.document_id",
        ),
    ],
)
def test_money_goes_only_where_it_belongs(invoice, paid, refusal, field):
    with pytest.raises(refusal) as refused:
        settlement.allocate_payment(invoice, paid, 0)
    assert blamed(refused) == [field]


def test_nothing_more_goes_to_a_paid_invoice():
    paid = after(issued(), *settlement.allocate_payment(issued(), payment("122.00", ("i-1", "122.00")), 0))
    with pytest.raises(settlement.AllocationTooLarge):
        settlement.allocate_payment(paid, payment("0.01", ("i-1", "0.01")), 0)


def test_an_unpaid_invoice_is_overdue_on_the_day_after_its_due_date():
    assert overdue_on(issued(), DUE) == []
    [overdue] = overdue_on(issued(), DUE + timedelta(days=1))
    assert overdue == PaymentOverdue("i-1", "МС1", "c-1", "d-1", "o-1", DAY, DUE, 1, Decimal("122.00"), "RUB")


def test_a_due_date_on_a_day_off_moves_to_the_next_working_day():
    saturday = date(2026, 3, 7)
    invoice = issued(due_date=saturday)
    assert settlement.effective_due_date(saturday) == date(2026, 3, 10)
    assert overdue_on(invoice, date(2026, 3, 10)) == []
    [overdue] = overdue_on(invoice, date(2026, 3, 11))
    assert overdue.days == 1


def test_an_invoice_is_said_to_be_overdue_once_and_only_for_what_is_open():
    invoice = after(issued(), *settlement.allocate_payment(issued(), payment("22.00", ("i-1", "22.00")), 0))
    [overdue] = overdue_on(invoice, date(2026, 5, 5))
    assert overdue.amount == Decimal("100.00")
    assert overdue_on(after(invoice, overdue), date(2026, 5, 6)) == []


def test_neither_a_draft_nor_a_paid_nor_a_cancelled_invoice_is_overdue():
    paid = after(issued(), *settlement.allocate_payment(issued(), payment("122.00", ("i-1", "122.00")), 0))
    assert overdue_on(draft(), date(2030, 1, 1)) == []
    assert overdue_on(paid, date(2030, 1, 1)) == []
    assert overdue_on(cancelled(), date(2030, 1, 1)) == []


def test_a_cancelled_invoice_keeps_its_number_and_owes_nothing():
    [event] = settlement.cancel_document(issued(), CANCEL, TODAY)
    assert event == InvoiceCancelled(
        "i-1", "МС1", "c-1", "d-1", "o-1", TODAY, Decimal("122.00"), "RUB", reason="Заказ отменён"
    )
    invoice = after(issued(), event)
    assert (invoice.state, invoice.number, invoice.open) == ("cancelled", "МС1", Decimal("0.00"))


def test_what_is_dated_ahead_is_cancelled_on_its_date():
    [event] = settlement.cancel_document(issued(), CANCEL, DAY - timedelta(days=5))
    assert isinstance(event, InvoiceCancelled)
    assert event.date == DAY


def test_only_what_is_issued_can_be_cancelled_and_only_once():
    with pytest.raises(settlement.NotIssued):
        settlement.cancel_document(draft(), CANCEL, TODAY)
    with pytest.raises(settlement.DocumentCancelled):
        settlement.cancel_document(cancelled(), CANCEL, TODAY)
    with pytest.raises(AlreadyIssued):
        issue_invoice(cancelled(), "МС2", SELLER, BUYER, "clients:57")


def test_an_invoice_with_money_on_it_is_not_cancelled_until_the_payment_is():
    partly = after(issued(), *settlement.allocate_payment(issued(), payment("22.00", ("i-1", "22.00")), 0))
    with pytest.raises(settlement.MoneyAllocated) as refused:
        settlement.cancel_document(partly, CANCEL, TODAY)
    assert refused.value.params == {"paid": Decimal("22.00")}
    assert settlement.cancel_document(after(partly, *taken_back("22.00", partly)), CANCEL, TODAY)


def test_an_invoice_owes_again_what_a_cancelled_payment_had_brought():
    paid = after(issued(), *settlement.allocate_payment(issued(), payment("122.00", ("i-1", "122.00")), 0))
    [event] = taken_back("122.00", paid)
    assert event == AllocationCancelled(
        "i-1", "p-1", "c-1", TODAY, Decimal("122.00"), Decimal("122.00"), "d-1", Decimal("0.00"), "RUB"
    )
    invoice = after(paid, event)
    assert (invoice.state, invoice.open) == ("issued", Decimal("122.00"))
    assert overdue_on(invoice, date(2030, 1, 1))


PARTS = st.lists(st.decimals("0.01", "60.00", places=2), min_size=1, max_size=8)


@given(PARTS)
def test_whatever_the_parts_nothing_is_paid_twice_and_nothing_is_lost(parts):
    invoice, paid = issued(), Decimal(0)
    for part in parts:
        try:
            events = settlement.allocate_payment(invoice, payment("60.00", ("i-1", str(part))), 0)
        except settlement.AllocationTooLarge:
            assert part > invoice.open
            continue
        invoice, paid = after(invoice, *events), paid + part
        assert invoice.open == invoice.total - paid
        assert (invoice.state == "paid") == (invoice.open == 0)

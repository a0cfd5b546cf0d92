from datetime import date, timedelta
from decimal import Decimal

import pytest

from services.documents.commands import Allocation, CancelPayment
from services.documents.domain.payment import (
    AllocatedTooMuch,
    DocumentRepeated,
    PaidInFuture,
    Payment,
    PaymentAlreadyCancelled,
    cancel_payment,
    evolve,
    register_payment,
)
from services.documents.events import PaymentCancelled, PaymentReceived
from tests.documents.domain.samples import payment

DAY, TODAY = date(2026, 3, 20), date(2026, 4, 6)


def test_what_is_not_allocated_is_an_advance():
    [received] = register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "30.00"), purpose="по счетам"), TODAY)
    assert received == PaymentReceived(
        "p-1",
        "c-1",
        DAY,
        Decimal("100.00"),
        "RUB",
        (Allocation("i-1", Decimal("60.00")), Allocation("i-2", Decimal("30.00"))),
        Decimal("10.00"),
        "o-1",
        "по счетам",
    )
    parts = (Allocation("i-1", Decimal("60.00")), Allocation("i-2", Decimal("30.00")))
    assert evolve(None, received) == Payment("p-1", "c-1", "o-1", DAY, Decimal("100.00"), "RUB", parts)


def test_a_payment_may_be_all_advance_and_say_nothing():
    [received] = register_payment(payment("0.01"), TODAY)
    assert (received.unallocated, received.allocations, received.purpose) == (Decimal("0.01"), (), None)


def test_no_more_is_allocated_than_was_received():
    with pytest.raises(AllocatedTooMuch) as refused:
        register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "40.01")), TODAY)
    assert [error.field for error in refused.value.errors] == ["allocations"]
    assert register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "40.00")), TODAY)


def test_a_document_is_named_once():
    with pytest.raises(DocumentRepeated) as refused:
        register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "1.00"), ("i-1", "10.00")), TODAY)
    assert [error.field for error in refused.value.errors] == ["allocations.2.document_id"]


def test_money_comes_today_or_came_before_but_not_tomorrow():
    assert register_payment(payment("1.00", date=TODAY), TODAY)
    with pytest.raises(PaidInFuture) as refused:
        register_payment(payment("1.00", date=TODAY + timedelta(days=1)), TODAY)
    assert [error.field for error in refused.value.errors] == ["date"]


def test_a_payment_is_cancelled_once_with_all_it_was_allocated_to():
    [received] = register_payment(payment("100.00", ("i-1", "60.00")), TODAY)
    state = evolve(None, received)
    [cancelled] = cancel_payment(state, CancelPayment("p-1", "ошибка банка"), TODAY)
    assert cancelled == PaymentCancelled(
        "p-1", "c-1", "o-1", TODAY, Decimal("100.00"), "RUB", (Allocation("i-1", Decimal("60.00")),), "ошибка банка"
    )
    with pytest.raises(PaymentAlreadyCancelled):
        cancel_payment(evolve(state, cancelled), CancelPayment("p-1", "ещё раз"), TODAY)

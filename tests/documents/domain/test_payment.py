from datetime import date
from decimal import Decimal

import pytest

from services.documents.commands import Allocation
from services.documents.domain.payment import (
    AllocatedTooMuch,
    DocumentRepeated,
    Payment,
    evolve,
    register_payment,
)
from services.documents.events import PaymentReceived
from tests.documents.domain.samples import payment


def test_what_is_not_allocated_is_an_advance():
    [received] = register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "30.00"), purpose="по счетам"))
    assert received == PaymentReceived(
        "p-1",
        "c-1",
        date(2026, 3, 20),
        Decimal("100.00"),
        "RUB",
        (Allocation("i-1", Decimal("60.00")), Allocation("i-2", Decimal("30.00"))),
        Decimal("10.00"),
        "o-1",
        "по счетам",
    )
    assert evolve(None, received) == Payment("p-1")


def test_a_payment_may_be_all_advance_and_say_nothing():
    [received] = register_payment(payment("0.01"))
    assert (received.unallocated, received.allocations, received.purpose) == (Decimal("0.01"), (), None)


def test_no_more_is_allocated_than_was_received():
    with pytest.raises(AllocatedTooMuch) as refused:
        register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "40.01")))
    assert [error.field for error in refused.value.errors] == ["allocations"]
    assert register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "40.00")))


def test_a_document_is_named_once():
    with pytest.raises(DocumentRepeated) as refused:
        register_payment(payment("100.00", ("i-1", "60.00"), ("i-2", "1.00"), ("i-1", "10.00")))
    assert [error.field for error in refused.value.errors] == ["allocations.2.document_id"]

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.commands import PrepareReconciliation
from services.documents.domain.rates import NoFormYet
from services.documents.domain.reconciliation import (
    PeriodBackwards,
    Reconciliation,
    check_period,
    evolve,
    prepare_reconciliation,
)
from services.documents.events import Entry, ReconciliationPrepared

FROM, TO = date(2026, 1, 1), date(2026, 3, 31)
COMMAND = PrepareReconciliation("c-1", "o-1", FROM, TO, reconciliation_id="r-1")


def entry(debit: str = "0.00", credit: str = "0.00") -> Entry:
    return Entry(date(2026, 2, 1), "Счёт", Decimal(debit), Decimal(credit))


def test_the_closing_balance_follows_from_the_opening_one_and_the_entries():
    entries = (entry(debit="122.00"), entry(credit="100.00"))
    [prepared] = prepare_reconciliation(COMMAND, Decimal("10.00"), entries, "hash", 5)
    assert prepared == ReconciliationPrepared(
        "r-1", "c-1", "o-1", FROM, TO, "RUB", Decimal("10.00"), entries, Decimal("32.00"), "hash", 5
    )
    assert evolve(None, prepared) == Reconciliation("r-1")


def test_a_period_does_not_end_before_it_begins():
    with pytest.raises(PeriodBackwards) as refused:
        check_period(PrepareReconciliation("c-1", "o-1", TO, FROM))
    assert [error.field for error in refused.value.errors] == ["date_to"]
    check_period(PrepareReconciliation("c-1", "o-1", FROM, FROM))


def test_there_must_be_a_form_to_print():
    with pytest.raises(NoFormYet) as refused:
        check_period(PrepareReconciliation("c-1", "o-1", date(2018, 1, 1), date(2018, 12, 31)))
    assert [error.field for error in refused.value.errors] == ["date_to"]


AMOUNTS = st.decimals("0.00", "99999999.99", places=2)


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=10))
def test_what_they_owe_is_what_was_booked_exactly(opening, booked):
    entries = tuple(Entry(FROM, "", debit, credit) for debit, credit in booked)
    [prepared] = prepare_reconciliation(COMMAND, opening, entries, "hash", 5)
    assert prepared.closing == opening + sum(d for d, _ in booked) - sum(c for _, c in booked)

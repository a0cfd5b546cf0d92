from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.ageing import Bucket, Debt, age, bucket, overdue_days

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("due", "days"), [(TODAY, 0), (TODAY + timedelta(days=5), 0), (TODAY - timedelta(days=1), 1)])
def test_delay_is_counted_from_the_day_after_the_due_day(due, days):
    assert overdue_days(due, TODAY) == days


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "90+"),
    ],
)
def test_days_fall_into_their_bucket(days, name):
    assert bucket(days) == name


def test_debts_are_sorted_by_age_and_advances_stand_apart():
    debts = [
        Debt(TODAY, Decimal("10.00")),
        Debt(date(2026, 11, 1), Decimal("5.00")),
        Debt(date(2026, 1, 1), Decimal("2.50")),
    ]
    result = age(debts, TODAY, advances=Decimal("3.00"))
    assert (result.total, result.overdue, result.advances) == (Decimal("17.50"), Decimal("7.50"), Decimal("3.00"))
    assert result.buckets[Bucket.TO_30] == Decimal("5.00")
    assert result.buckets[Bucket.TO_60] == Decimal("0.00")


@given(st.lists(st.builds(Debt, st.dates(date(2025, 1, 1), date(2027, 1, 1)), st.decimals(0, 10**9, places=2))))
def test_buckets_add_up_to_the_total(debts):
    result = age(debts, TODAY)
    assert sum(result.buckets.values()) == result.total == sum(debt.unpaid for debt in debts)
    assert result.overdue == sum(debt.unpaid for debt in debts if debt.due < TODAY)

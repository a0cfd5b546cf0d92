"""Receivables by how long they are overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kernel.money import NO_MONEY, Amount


class Bucket(StrEnum):
    NOT_DUE = "not_due"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "90+"


_LAST_DAYS = ((0, Bucket.NOT_DUE), (30, Bucket.TO_30), (60, Bucket.TO_60), (90, Bucket.TO_90))


@dataclass(frozen=True, slots=True)
class Debt:
    """What is still unpaid of one document."""

    due: date
    unpaid: Amount


@dataclass(frozen=True, slots=True)
class Ageing:
    """Debts as of a day. Advances are not set off against them."""

    total: Amount
    overdue: Amount
    advances: Amount
    buckets: dict[Bucket, Amount]


def overdue_days(due: date, on: date) -> int:
    """Days of delay: the due day itself is not one."""
    return max((on - due).days, 0)


def bucket(days: int) -> Bucket:
    return next((bucket for last, bucket in _LAST_DAYS if days <= last), Bucket.OVER_90)


def age(debts: Iterable[Debt], on: date, advances: Amount = NO_MONEY) -> Ageing:
    buckets = dict.fromkeys(Bucket, NO_MONEY)
    for debt in debts:
        buckets[bucket(overdue_days(debt.due, on))] += debt.unpaid
    total = sum(buckets.values(), NO_MONEY)
    return Ageing(total, total - buckets[Bucket.NOT_DUE], advances, buckets)

"""VAT of document lines: every line rounded by itself, totals are sums of lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.documents.domain.rates import VatRate
from services.kernel.money import NO_MONEY, Amount, Quantity, portion, times


@dataclass(frozen=True, slots=True)
class Sums:
    """A sum without VAT, the VAT, and both together."""

    net: Amount = NO_MONEY
    vat: Amount = NO_MONEY
    gross: Amount = NO_MONEY

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.net + other.net, self.vat + other.vat, self.gross + other.gross)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What the sums of a line depend on."""

    price: Amount
    quantity: Quantity
    vat_rate: VatRate
    price_includes_vat: bool = True


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a document, and of each rate in it, the highest first."""

    sums: Sums
    by_rate: dict[VatRate, Sums]


def line_sums(line: PricedLine) -> Sums:
    cost = times(line.price, line.quantity)
    if line.vat_rate == "none":
        return Sums(cost, NO_MONEY, cost)
    percent = Decimal(line.vat_rate)
    if line.price_includes_vat:
        vat = portion(cost, percent, 100 + percent)
        return Sums(cost - vat, vat, cost)
    vat = portion(cost, percent, Decimal(100))
    return Sums(cost, vat, cost + vat)


def totals(lines: Iterable[PricedLine]) -> Totals:
    by_rate: dict[VatRate, Sums] = {}
    for line in lines:
        by_rate[line.vat_rate] = by_rate.get(line.vat_rate, Sums()) + line_sums(line)
    ordered = dict(sorted(by_rate.items(), key=lambda item: _descending(item[0])))
    return Totals(sum(ordered.values(), Sums()), ordered)


def _descending(rate: VatRate) -> int:
    return 1 if rate == "none" else -int(rate)

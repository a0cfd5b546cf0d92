"""Money and quantities: exact decimals, strings on the wire, never floats."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Protocol, TypeAlias

from services.kernel.errors import Refusal

Amount: TypeAlias = Decimal
"""A sum of money in whole kopecks (cents): two decimals, always."""

Quantity: TypeAlias = Decimal

CURRENCY_NUMBERS = {
    "RUB": "643",
    "USD": "840",
    "EUR": "978",
    "CNY": "156",
    "KZT": "398",
    "BYN": "933",
    "TRY": "949",
    "AED": "784",
    "UZS": "860",
}
"""The currencies known, by ISO 4217 letters, with their digits as Russian forms print them."""

DEFAULT_CURRENCY = "RUB"

NO_MONEY = Decimal("0.00")
MOST_MONEY = Decimal("999999999999.99")
"""No document or payment is larger: twelve digits are what forms, payment codes and the fields for
amounts have room for."""

_KOPECK = Decimal("0.01")
_AMOUNT = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_NBSP = "\N{NO-BREAK SPACE}"
# Wide enough for an amount times a quantity, which the default 28 digits are not.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class AmountTooLarge(Refusal):
    status = 422
    ru = "Сумма больше {most}"
    en = "The amount is over {most}"


class Priced(Protocol):
    """A line that costs something."""

    @property
    def price(self) -> Amount: ...

    @property
    def quantity(self) -> Quantity: ...


def kopecks(value: Decimal) -> Amount:
    """Rounds half up to whole kopecks, as accountants do."""
    return _EXACT.plus(value.quantize(_KOPECK, context=_EXACT))  # plus: no minus before zero


def parse_amount(text: str) -> Amount:
    """Reads `-122653.34`: at most sixteen digits and two decimals, no exponent, no spaces."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"not an amount: {text!r}")
    return kopecks(Decimal(text))


def parse_quantity(text: str) -> Quantity:
    """Reads `2` or `0.125`: at most twelve digits and six decimals, never negative."""
    if not _QUANTITY.fullmatch(text):
        raise ValueError(f"not a quantity: {text!r}")
    return Decimal(text)


def plain_quantity(value: Decimal) -> Quantity:
    """The same quantity without zeros behind the last decimal that tells, and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def times(price: Amount, quantity: Quantity) -> Amount:
    """What so many pieces cost."""
    return kopecks(_EXACT.multiply(price, quantity))


def total_of(lines: Iterable[Priced]) -> Amount:
    """The sum of the lines, each rounded to kopecks; the line that takes it too far is blamed."""
    total = NO_MONEY
    for place, line in enumerate(lines):
        total += times(line.price, line.quantity)
        if total > MOST_MONEY:
            raise AmountTooLarge.on(f"lines.{place}", most=MOST_MONEY)
    return total


def portion(amount: Amount, of: Decimal, whole: Decimal) -> Amount:
    """`amount × of ÷ whole`, rounded once."""
    return kopecks(_EXACT.divide(_EXACT.multiply(amount, of), whole))


def format_amount(amount: Amount) -> str:
    """`122 653,34`, as Russian documents print it; the spaces do not break."""
    return f"{amount:,.2f}".replace(",", _NBSP).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def format_quantity(quantity: Quantity) -> str:
    """`1 250,5`: no more decimals than there are."""
    text = f"{quantity:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", _NBSP).replace(".", ",")

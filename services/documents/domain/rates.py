"""What the law changes by date: rates, regimes, forms, units. Read from data files, once."""

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from services.kernel.errors import Refusal

VatRate: TypeAlias = Literal["22", "20", "10", "7", "5", "0", "none"]
VatKind: TypeAlias = Literal["standard", "reduced", "zero", "simplified_low", "simplified_high", "none"]
TaxRegime: TypeAlias = Literal[
    "osno", "usn", "usn_vat_5", "usn_vat_7", "usn_vat_standard", "eshn", "eshn_exempt", "psn", "ausn", "npd"
]
FormKind: TypeAlias = Literal["invoice", "reconciliation"]


class NotInForce(LookupError):
    """Nothing of this kind was in force on that date."""


class NoFormYet(Refusal):
    status = 422
    ru = "На {date} формы такого документа ещё нет"
    en = "There is no form of such a document on {date} yet"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: its ОКЕИ code and the symbol that documents print."""

    code: str
    symbol: str
    name: str


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """How a document of some kind is printed when it bears a date from `valid_from` on."""

    kind: FormKind
    valid_from: date
    template: str
    source: str
    vat_included: str
    vat_on_top: str
    vat_none: str


@cache
def load(name: str) -> Mapping[str, Any]:
    """One data file of the service, by its name without the suffix."""
    text = files("services.documents.data").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _in_force(rows: list[dict[str, Any]], on: date, **wanted: str) -> dict[str, Any]:
    rows = [row for row in rows if wanted.items() <= row.items()]
    rows.sort(key=lambda row: row["valid_from"])
    place = bisect_right(rows, on, key=lambda row: row["valid_from"])
    if place == 0:
        raise NotInForce(f"{wanted or 'rate'} on {on}")
    return rows[place - 1]


def vat_rate_on(on: date, kind: VatKind) -> VatRate:
    """The rate of a kind by the date of shipment."""
    if kind == "none":
        return "none"
    rate: VatRate = _in_force(load("vat")["rates"], on, kind=kind)["rate"]
    return rate


def vat_rates_on(on: date) -> frozenset[VatRate]:
    """Every rate that a line may bear on that date."""
    kinds = {row["kind"] for row in load("vat")["rates"] if row["valid_from"] <= on}
    rates: set[VatRate] = {vat_rate_on(on, kind) for kind in kinds}
    return frozenset(rates | {"none"})


def default_vat_rate(regime: TaxRegime, on: date) -> VatRate:
    """The rate a seller under this regime charges when a line names none."""
    return vat_rate_on(on, _in_force(load("vat")["regimes"], on, regime=regime)["kind"])


def key_rate_on(on: date) -> Decimal:
    """The key rate of the Bank of Russia, per cent a year."""
    return Decimal(_in_force(load("key_rate")["rates"], on)["percent"])


def form_on(on: date, kind: FormKind) -> PrintedForm:
    """The form that a document of this date is printed on."""
    return PrintedForm(**_in_force(load("forms")["forms"], on, kind=kind))


def require_form(on: date, kind: FormKind, field: str) -> None:
    """Refuses, by the field that names it, a date from before the first form."""
    try:
        form_on(on, kind)
    except NotInForce as missing:
        raise NoFormYet.on(field, date=on) from missing


@cache
def units() -> Mapping[str, Unit]:
    """The units of measure in use, by ОКЕИ code."""
    return {row["code"]: Unit(**row) for row in load("units")["units"]}

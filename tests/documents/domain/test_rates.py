from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import get_args

import pytest

from services.documents.domain.rates import (
    NotInForce,
    TaxRegime,
    VatKind,
    VatRate,
    default_vat_rate,
    form_on,
    key_rate_on,
    load,
    units,
    vat_rate_on,
    vat_rates_on,
)


@pytest.mark.parametrize(
    ("on", "kind", "rate"),
    [
        (date(2019, 1, 1), "standard", "20"),
        (date(2025, 12, 31), "standard", "20"),
        (date(2026, 1, 1), "standard", "22"),
        (date(2026, 11, 22), "reduced", "10"),
        (date(2025, 1, 1), "simplified_low", "5"),
        (date(2026, 11, 22), "simplified_high", "7"),
        (date(2026, 11, 22), "zero", "0"),
        (date(2026, 11, 22), "none", "none"),
    ],
)
def test_the_rate_depends_on_the_day_of_shipment(on, kind, rate):
    assert vat_rate_on(on, kind) == rate


def test_a_rate_before_its_law_is_not_in_force():
    with pytest.raises(NotInForce, match="simplified_low"):
        vat_rate_on(date(2024, 12, 31), "simplified_low")


def test_a_line_may_bear_only_the_rates_of_its_day():
    assert vat_rates_on(date(2025, 6, 1)) == {"20", "10", "7", "5", "0", "none"}
    assert vat_rates_on(date(2026, 6, 1)) == {"22", "10", "7", "5", "0", "none"}
    assert vat_rates_on(date(2024, 6, 1)) == {"20", "10", "0", "none"}


@pytest.mark.parametrize(
    ("regime", "on", "rate"),
    [
        ("osno", date(2025, 12, 31), "20"),
        ("osno", date(2026, 1, 1), "22"),
        ("usn", date(2026, 1, 1), "none"),
        ("usn_vat_5", date(2024, 12, 31), "none"),
        ("usn_vat_5", date(2026, 1, 1), "5"),
        ("usn_vat_7", date(2026, 1, 1), "7"),
        ("usn_vat_standard", date(2026, 1, 1), "22"),
        ("psn", date(2026, 1, 1), "none"),
    ],
)
def test_the_default_rate_follows_the_tax_regime_and_the_day(regime, on, rate):
    assert default_vat_rate(regime, on) == rate


def test_every_regime_has_a_default_rate_today():
    assert {default_vat_rate(regime, date(2026, 11, 22)) for regime in get_args(TaxRegime)} <= set(get_args(VatRate))


def test_the_data_file_names_only_known_kinds_and_regimes():
    data = load("vat")
    assert {row["kind"] for row in data["rates"] + data["regimes"]} == set(get_args(VatKind))
    assert {row["regime"] for row in data["regimes"]} == set(get_args(TaxRegime))
    assert all(row["source"] for row in data["rates"] + data["regimes"])


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        (date(2025, 12, 21), "16.50"),
        (date(2025, 12, 22), "16.00"),
        (date(2026, 7, 26), "14.25"),
        (date(2026, 8, 31), "14.00"),
    ],
)
def test_the_key_rate_takes_effect_on_its_day(on, percent):
    assert key_rate_on(on) == Decimal(percent)


def test_key_rates_stand_in_order():
    days = [row["valid_from"] for row in load("key_rate")["rates"]]
    assert all(earlier < later for earlier, later in pairwise(days))
    with pytest.raises(NotInForce):
        key_rate_on(date(2018, 1, 1))


def test_an_invoice_of_today_has_a_form():
    form = form_on(date(2026, 11, 22), "invoice")
    assert form.template == "invoice.html"
    assert form.vat_included.format(rate="22") == "В том числе НДС (22%):"


def test_units_are_found_by_code():
    assert units()["796"].symbol == "шт"
    assert len({unit.symbol for unit in units().values()}) == len(units())

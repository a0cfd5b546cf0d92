from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.vat import PricedLine, Sums, line_sums, totals

RATES = st.sampled_from(["22", "20", "10", "7", "5", "0", "none"])
PRICES = st.decimals(Decimal("0.00"), Decimal("9999999999.99"), places=2)
QUANTITIES = st.decimals(Decimal("0.000001"), Decimal(99999), places=6)
LINES = st.builds(PricedLine, PRICES, QUANTITIES, RATES, st.booleans())


def one(price, rate, *, included):
    return line_sums(PricedLine(Decimal(price), Decimal(1), rate, included))


def sums(net, vat, gross):
    return Sums(Decimal(net), Decimal(vat), Decimal(gross))


@pytest.mark.parametrize(
    ("rate", "gross", "vat", "net"),
    [
        ("22", "1000.00", "180.33", "819.67"),
        ("22", "0.01", "0.00", "0.01"),
        ("20", "1000.00", "166.67", "833.33"),
        ("10", "99.99", "9.09", "90.90"),
        ("5", "1000.00", "47.62", "952.38"),
        ("0", "1000.00", "0.00", "1000.00"),
        ("none", "1000.00", "0.00", "1000.00"),
    ],
)
def test_vat_included_is_taken_out_of_the_price_seen(rate, gross, vat, net):
    assert one(gross, rate, included=True) == sums(net, vat, gross)


@pytest.mark.parametrize(
    ("rate", "net", "vat", "gross"),
    [
        ("22", "1000.00", "220.00", "1220.00"),
        ("22", "0.01", "0.00", "0.01"),
        ("20", "1000.00", "200.00", "1200.00"),
        ("10", "99.99", "10.00", "109.99"),
        ("5", "1000.00", "50.00", "1050.00"),
        ("none", "1000.00", "0.00", "1000.00"),
    ],
)
def test_vat_on_top_is_added_to_the_price(rate, net, vat, gross):
    assert one(net, rate, included=False) == sums(net, vat, gross)


def test_totals_are_sums_of_lines_and_not_computed_again():
    on_top = totals([PricedLine(Decimal("33.33"), Decimal(1), "22", price_includes_vat=False)] * 3)
    included = totals([PricedLine(Decimal("99.99"), Decimal(1), "22")] * 7)
    assert on_top.sums.vat == Decimal("21.99")
    assert included.sums.vat == Decimal("126.21")


def test_each_rate_is_summed_apart_the_highest_first():
    result = totals([PricedLine(Decimal("110.00"), Decimal(1), rate) for rate in ("none", "10", "22", "0", "10")])
    assert list(result.by_rate) == ["22", "10", "0", "none"]
    assert result.by_rate["10"] == sums("200.00", "20.00", "220.00")


def test_a_document_without_lines_comes_to_nothing():
    assert totals([]).sums == sums("0.00", "0.00", "0.00")


@given(LINES)
def test_net_and_vat_make_gross_to_the_kopeck(line):
    result = line_sums(line)
    assert result.net + result.vat == result.gross
    assert all(amount >= 0 and amount.as_tuple().exponent == -2 for amount in (result.net, result.vat, result.gross))


@given(LINES)
def test_vat_differs_from_the_exact_one_by_half_a_kopeck_at_most(line):
    result = line_sums(line)
    percent = Decimal(0) if line.vat_rate == "none" else Decimal(line.vat_rate)
    exact = result.gross * percent / (100 + percent) if line.price_includes_vat else result.net * percent / 100
    assert abs(result.vat - exact) <= Decimal("0.005")


@given(st.lists(LINES, max_size=20))
def test_totals_do_not_depend_on_the_order_of_lines(lines):
    result = totals(lines)
    assert result == totals(lines[::-1])
    assert sum(result.by_rate.values(), Sums()) == result.sums

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.money import (
    format_amount,
    format_quantity,
    kopecks,
    parse_amount,
    parse_quantity,
    portion,
    times,
)

AMOUNTS = st.decimals(Decimal("-9999999999999999.99"), Decimal("9999999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "amount"), [("100", "100.00"), ("100.5", "100.50"), ("-0.01", "-0.01"), ("-0", "0.00")]
)
def test_an_amount_is_read_to_the_kopeck(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    ["", "1.234", "1e5", "NaN", "Infinity", "1,5", " 1", "1\n", "+1", ".5", "1.", "--1", "1_000", "١", "1" * 17, "0x1"],
)
def test_anything_but_plain_digits_is_no_amount(text):
    with pytest.raises(ValueError, match="not an amount"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["", "-1", "1.1234567", "1e3", "NaN", "1" * 13])
def test_anything_but_plain_digits_is_no_quantity(text):
    with pytest.raises(ValueError, match="not a quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.01"), ("1234.565", "1234.57"), ("-0.005", "-0.01"), ("-0.001", "0.00")]
)
def test_half_a_kopeck_rounds_away_from_zero(value, rounded):
    assert str(kopecks(Decimal(value))) == rounded


def test_the_widest_amount_times_the_widest_quantity_stays_exact():
    product = times(parse_amount("9999999999999999.99"), parse_quantity("999999999999.999999"))
    assert str(product) == "9999999999999999980000000000.00"


def test_a_portion_is_rounded_once():
    assert portion(Decimal("1000.00"), Decimal(22), Decimal(122)) == Decimal("180.33")


@given(AMOUNTS)
def test_an_amount_survives_its_text(amount):
    assert parse_amount(str(kopecks(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("122653.34", "122 653,34"),
        ("0.00", "0,00"),
        ("1234567.50", "1 234 567,50"),
        ("-5.10", "−5,10"),
        ("999.99", "999,99"),
    ],
)
def test_an_amount_is_printed_the_russian_way_without_breaking_spaces(amount, text):
    assert format_amount(Decimal(amount)) == text.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("quantity", "text"), [("2", "2"), ("2.50", "2,5"), ("1000", "1 000"), ("0.000001", "0,000001"), ("10", "10")]
)
def test_a_quantity_is_printed_without_needless_zeros(quantity, text):
    assert format_quantity(Decimal(quantity)) == text.replace(" ", "\N{NO-BREAK SPACE}")

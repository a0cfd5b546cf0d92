from datetime import date
from decimal import Decimal

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.schemas import (
    Currency,
    Day,
    DecimalText,
    EmailText,
    Flag,
    Id,
    MoneyText,
    QuantityText,
    Text,
    WholeNumber,
)


def read(field, value):
    return field.deserialize(value)


def refused(field, value):
    with pytest.raises(ma.ValidationError) as complaint:
        field.deserialize(value)
    return complaint.value.messages


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Text(5), "  abc ", "abc"),
        (Text(3), "   abc   ", "abc"),
        (Text(3), "", ""),
        (Text(10, lines=True), "a\nb\tc", "a\nb\tc"),
        (Text(5), "ёЁ№₽😀", "ёЁ№₽😀"),
        (Text(5, min_length=1), "\u200bё\u202e", "ё"),
        (Text(9), "e\u0301\u00a0a\ufeffb", "é ab"),
        (Text(9, lines=True), "a\u00a0\nb", "a \nb"),
        (Id(), " 0190-abc ", "0190-abc"),
        (MoneyText(), "0", Decimal(0)),
        (MoneyText(), "999999999999.99", Decimal("999999999999.99")),
        (MoneyText(), "007.10", Decimal("7.10")),
        (DecimalText(9, 6, positive=True), "0.000001", Decimal("0.000001")),
        (WholeNumber(), "500", 500),
        (WholeNumber(), -3, -3),
        (Day(), "2000-01-01", date(2000, 1, 1)),
        (Day(), "2100-01-01", date(2100, 1, 1)),
        (Flag(), True, True),
        (Flag(), False, False),
        (Currency(), "RUB", "RUB"),
        (EmailText(), "", ""),
        (EmailText(), " salon@salon-ps.example ", "salon@salon-ps.example"),
    ],
)
def test_a_field_reads_what_it_is_for(field, value, expected):
    assert read(field, value) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Text(3), "abcd"),
        (Text(3, min_length=1), "   "),
        *(
            (Text(9, min_length=1), blank)
            for blank in ("\u200b", "\u202e\u202c", "\u00a0", "\ufeff", "\u3164", "\u2800")
        ),
        (Text(9), "a\u0090b"),
        (Text(9), "a\nb"),
        (Text(9), "a\u2028b"),
        (Text(9), "a\u0085b"),
        (Text(9, lines=True), "a\x0bb"),
        (Id(), ""),
        (Id(), "x" * 65),
        (MoneyText(), "1.234"),
        (MoneyText(), "1000000000000"),
        (MoneyText(positive=True), "0.00"),
        (MoneyText(), 5),
        (MoneyText(), "٣"),
        (QuantityText(), "0.000"),
        (QuantityText(), "1.1234567"),
        *((WholeNumber(), number) for number in ("١", "1_0", " 1", "+1", "1.0", "", 1.0, True, None, "9" * 19)),
        (Day(), "1999-12-31"),
        (Day(), "2100-01-02"),
        (Day(), "2026-2-1"),
        (Flag(), "true"),
        (Flag(), 1),
        (Currency(), "rub"),
        (EmailText(), "salon"),
        (EmailText(), "a@b.example\nBcc: c@d.example"),
    ],
)
def test_a_field_refuses_what_it_is_not_for(field, value):
    assert refused(field, value)


@given(st.decimals(0, Decimal("999999999999.99"), places=2))
def test_money_is_read_exactly(amount):
    assert read(MoneyText(), f"{amount:f}") == amount


@pytest.mark.parametrize(
    ("field", "text", "written"),
    [
        (MoneyText(), "10", "10.00"),
        (MoneyText(), "007.1", "7.10"),
        (MoneyText(), "0", "0.00"),
        (QuantityText(), "2.500", "2.5"),
        (QuantityText(), "100", "100"),
        (QuantityText(), "020.000000", "20"),
        (QuantityText(), "0.000001", "0.000001"),
        (QuantityText(), "999999999.999999", "999999999.999999"),
    ],
)
def test_a_number_has_one_form_however_it_was_written(field, text, written):
    assert str(read(field, text)) == written


@given(st.text())
def test_a_text_read_again_stays_as_it_is(text):
    try:
        found = read(Text(1000, lines=True), text)
    except ma.ValidationError:
        return
    assert read(Text(1000, lines=True), found) == found


@given(st.text())
def test_what_a_text_lets_through_is_storable_and_in_one_line(text):
    try:
        found = read(Text(1000), text)
    except ma.ValidationError:
        return
    assert found.encode().decode() == found
    assert "\0" not in found
    assert len(found.splitlines()) <= 1


@given(st.text())
def test_no_text_is_money_unless_it_is_digits(text):
    try:
        assert read(MoneyText(), text) >= 0
    except ma.ValidationError:
        assert not text.isascii() or not text.replace(".", "", 1).isdecimal() or len(text) > 12 or "." in text

from datetime import date
from decimal import Decimal

import pytest

from services.documents.domain.words import amount_in_words, date_in_figures, date_in_words, plural
from services.kernel.money import CURRENCY_NUMBERS


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.00", "Ноль рублей 00 копеек"),
        ("0.01", "Ноль рублей 01 копейка"),
        ("1.00", "Один рубль 00 копеек"),
        ("2.02", "Два рубля 02 копейки"),
        ("11.11", "Одиннадцать рублей 11 копеек"),
        ("100.00", "Сто рублей 00 копеек"),
        ("1001.01", "Одна тысяча один рубль 01 копейка"),
        ("1234.05", "Одна тысяча двести тридцать четыре рубля 05 копеек"),
        ("21000.00", "Двадцать одна тысяча рублей 00 копеек"),
        ("1000000.00", "Один миллион рублей 00 копеек"),
        (
            "12345678.90",
            "Двенадцать миллионов триста сорок пять тысяч шестьсот семьдесят восемь рублей 90 копеек",
        ),
    ],
)
def test_an_amount_is_spelt_in_roubles(amount, text):
    assert amount_in_words(Decimal(amount)).replace("\N{NO-BREAK SPACE}", " ") == text


def test_the_widest_amount_is_spelt():
    text = amount_in_words(Decimal("9999999999999999.99"))
    assert text.startswith("Девять квадриллионов")
    assert text.endswith("99\N{NO-BREAK SPACE}копеек")


def test_a_feminine_currency_agrees_with_its_number():
    assert amount_in_words(Decimal("2001.22"), "TRY").startswith("Две тысячи одна турецкая лира 22")


def test_every_currency_known_can_be_spelt():
    assert all(amount_in_words(Decimal("5.05"), currency) for currency in CURRENCY_NUMBERS)


@pytest.mark.parametrize(
    ("number", "word"), [(1, "день"), (3, "дня"), (5, "дней"), (11, "дней"), (21, "день"), (114, "дней")]
)
def test_a_noun_agrees_with_its_number(number, word):
    assert plural(number, ("день", "дня", "дней")) == word


def test_a_date_is_written_in_words_and_in_figures():
    assert date_in_words(date(2026, 11, 2)).replace("\N{NO-BREAK SPACE}", " ") == "2 ноября 2026 г."
    assert date_in_figures(date(2026, 11, 2)) == "02.11.2026"

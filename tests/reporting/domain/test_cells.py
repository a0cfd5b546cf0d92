"""Values as cells: typed, readable, and never carried out by the spreadsheet that opens them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.reporting.domain.cells import LONGEST, cell, fitting, plain, runs

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("122.50", "money", Decimal("122.50")),
        ("2026-03-02", "date", date(2026, 3, 2)),
        ("2026-03-02T21:30:00.123456Z", "time", datetime(2026, 3, 3, 0, 30)),
        (True, "flag", True),
        (7, "number", 7),
        ("7701234567", "text", "7701234567"),
        ("", "text", None),
        (None, "money", None),
        ([{"written": "8 916 123-45-67", "number": "+79161234567"}], "texts", "+79161234567"),
        ([{"written": "тел. у Анны", "number": None}], "texts", "тел. у Анны"),
        ([{"address": "a@b.example", "valid": True}, {"address": "c@d", "valid": False}], "texts", "a@b.example; c@d"),
        ([], "texts", None),
        ([{"name": "Стол", "quantity": "2"}], "json", '[{"name": "Стол", "quantity": "2"}]'),
        ("до\x07 гудка\ud800", "text", "до гудка"),
    ],
)
def test_a_value_becomes_a_cell_by_its_kind(value, kind, expected):
    assert cell(value, kind, MOSCOW) == expected


def test_what_no_cell_of_a_workbook_can_hold_is_cut_and_shows_it():
    cut = fitting("я" * 40_000)
    assert (len(cut), cut[-1], fitting("я")) == (LONGEST, "…", "я")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("стол,=1+1", "стол,'=1+1"),
        ("стол; @SUM(A1)", "стол; '@SUM(A1)"),
        ("=1,=2;-3", "'=1,'=2;'-3"),
        ("a\t+1", "a\t'+1"),
    ],
)
def test_what_would_run_where_cells_are_separated_otherwise_is_marked_too(text, marked):
    assert plain(text, "ru") == plain(text, "en") == marked


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "+7 (495) 123", "+"]
)
def test_text_that_a_spreadsheet_would_carry_out_is_marked(text):
    assert runs(text)
    assert plain(text, "ru").startswith("'")


@pytest.mark.parametrize("text", ["ООО «Ромашка»", "+79161234567", "+79161234567; +74951234567", "a=b", "1-2", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert plain(text, "ru") == text


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (Decimal("-122.50"), "-122,50", "-122.50"),
        (date(2026, 3, 2), "02.03.2026", "2026-03-02"),
        (datetime(2026, 3, 3, 0, 30), "03.03.2026 00:30:00", "2026-03-03 00:30:00"),
        (True, "да", "yes"),
        (False, "нет", "no"),
        (7, "7", "7"),
        (None, "", ""),
    ],
)
def test_a_cell_reads_as_people_of_the_country_write_it(value, ru, en):
    assert (plain(value, "ru"), plain(value, "en")) == (ru, en)

"""Files as spreadsheets read them."""

import csv
import io
import json
import tempfile
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.adapters.sheets.writing import TooLarge, WritingFailed, write_sheet
from services.reporting.domain.cells import Column

COLUMNS = (
    Column("name", "Наименование", "text"),
    Column("total", "Итого", "money"),
    Column("date", "Дата", "date"),
    Column("at", "Когда", "time"),
    Column("verified", "Проверен", "flag"),
    Column("rows", "Строк", "number"),
)
ROW = {
    "id": "c-1",
    "name": '=HYPERLINK("http://evil.example")',
    "total": "1220.50",
    "date": "2026-03-02",
    "at": "2026-03-02T21:30:00Z",
    "verified": True,
    "rows": 7,
}
MOST = 1024 * 1024
STAMP = "Петров Алексей, 2026-03-02 10:00, e-1"


def sheet(**changed: Any) -> Sheet:
    about = (("Кто выгрузил", "Петров Алексей"), ("Строк", "2"))
    facts = {"title": "Клиенты", "format": "xlsx", "language": "ru", "columns": COLUMNS, "stamp": STAMP}
    return Sheet(**{**facts, "about": about, "zone": "Europe/Moscow", **changed})


def written(sheet: Sheet, *parts: list[dict[str, Any]]) -> bytes:
    return write_sheet(sheet, (json.dumps(part).encode() for part in parts), MOST, 60)


def table(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Клиенты").to_python()


def test_a_workbook_has_typed_cells_and_a_stamp_in_every_row():
    headings, first, second = table(written(sheet(), [ROW], [{"name": "ООО «Ромашка»"}]))
    assert headings == [*(column.heading for column in COLUMNS), "Выгрузка"]
    assert first == [ROW["name"], 1220.5, date(2026, 3, 2), datetime(2026, 3, 3, 0, 30), "да", 7.0, STAMP]
    assert (second[0], second[-1]) == ("ООО «Ромашка»", STAMP)


def test_no_cell_of_a_workbook_is_a_formula():
    with zipfile.ZipFile(io.BytesIO(written(sheet(), [ROW]))) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
    assert "<f>" not in page
    assert "HYPERLINK" in page
    assert 'quotePrefix="1"' in styles


def test_a_workbook_says_on_a_sheet_of_its_own_who_took_it():
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(sheet(), [ROW])))
    assert book.get_sheet_by_name("О выгрузке").to_python() == [["Кто выгрузил", "Петров Алексей"], ["Строк", "2"]]


@pytest.mark.parametrize(
    ("language", "delimiter", "cells"),
    [
        ("ru", ";", ["1220,50", "02.03.2026", "03.03.2026 00:30:00", "да", "7"]),
        ("en", ",", ["1220.50", "2026-03-02", "2026-03-03 00:30:00", "yes", "7"]),
    ],
)
def test_csv_is_as_spreadsheets_of_the_country_expect_it(language, delimiter, cells):
    content = written(sheet(format="csv", language=language), [ROW, {"name": 'две\n"строки"; и, запятая'}])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert rows[1] == [f"'{ROW['name']}", *cells, STAMP]
    assert rows[2] == ['две\n"строки"; и, запятая', "", "", "", "", "", STAMP]


def test_a_stamp_cannot_run_either():
    content = written(sheet(format="csv", stamp="=1+1, 2026"), [ROW])
    assert content.decode("utf-8-sig").rstrip().endswith(";'=1+1, 2026")


def test_a_table_without_rows_has_its_headings():
    [headings] = table(written(sheet(), []))
    assert headings[0] == "Наименование"


def test_a_process_that_takes_too_long_is_ended():
    with pytest.raises(WritingFailed):
        write_sheet(sheet(), [json.dumps([ROW]).encode()], MOST, 0.001)


def test_a_process_that_ends_too_early_is_noticed():
    with pytest.raises(WritingFailed):
        write_sheet(sheet(), [b"not json"], MOST, 60)


@pytest.mark.parametrize("format", ["csv", "xlsx", "txt", "html", "docx", "vcf"])
def test_a_file_that_grows_too_large_is_given_up_and_leaves_nothing_on_the_disk(format, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(TooLarge):
        write_sheet(sheet(format=format), [json.dumps([ROW]).encode()], 10, 60)
    with pytest.raises(WritingFailed):
        write_sheet(sheet(format=format), [json.dumps([ROW] * 100).encode(), b"not json"], MOST, 60)
    assert list(tmp_path.iterdir()) == []

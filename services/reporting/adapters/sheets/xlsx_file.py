"""A table as a workbook, row by row in little memory. Text is written as text, never as a formula."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.domain.cells import NO, YES, Cell, cell, fitting, runs
from services.reporting.domain.headings import STAMP

ABOUT = {"ru": "О выгрузке", "en": "About"}
DATES = {"ru": ("dd.mm.yyyy", "dd.mm.yyyy hh:mm:ss"), "en": ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")}
WIDE = 22


def write_xlsx(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    with Workbook(file, {"constant_memory": True, "default_date_format": DATES[sheet.language][1]}) as book:
        book.set_properties({"title": sheet.title, "author": sheet.stamp, "comments": _told(sheet)})
        _Table(book, sheet).write(rows)
        about = book.add_worksheet(ABOUT[sheet.language])
        about.set_column(0, 1, 2 * WIDE)
        for number, line in enumerate(sheet.about):
            for place, text in enumerate(line):
                about.write_string(number, place, text)


def _told(sheet: Sheet) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sheet.about)


class _Table:
    def __init__(self, book: Any, sheet: Sheet) -> None:
        self._sheet = sheet
        self._zone = ZoneInfo(sheet.zone)
        self._page = book.add_worksheet(sheet.title)
        self._bold = book.add_format({"bold": True})
        self._marked = book.add_format()
        self._marked.set_quote_prefix()
        self._money = book.add_format({"num_format": "#,##0.00"})
        day, time = DATES[sheet.language]
        self._day, self._time = book.add_format({"num_format": day}), book.add_format({"num_format": time})

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        columns = self._sheet.columns
        headings = [*(column.heading for column in columns), STAMP[self._sheet.language]]
        self._page.freeze_panes(1, 0)
        self._page.set_column(0, len(columns), WIDE)
        for place, heading in enumerate(headings):
            self._page.write_string(0, place, heading, self._bold)
        number = 0
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                self._write(number, place, cell(row.get(column.name), column.kind, self._zone))
            self._page.write_string(number, len(columns), self._sheet.stamp)
        self._page.autofilter(0, 0, number, len(columns))

    def _write(self, row: int, place: int, value: Cell) -> None:
        match value:
            case None:
                return
            case bool():
                self._page.write_string(row, place, (YES if value else NO)[self._sheet.language])
            case str():
                self._page.write_string(row, place, fitting(value), *([self._marked] if runs(value) else []))
            case Decimal():
                self._page.write_number(row, place, value, self._money)
            case datetime():
                self._page.write_datetime(row, place, value, self._time)
            case date():
                self._page.write_datetime(row, place, value, self._day)
            case int():
                self._page.write_number(row, place, value)

"""Tables that people send, .xlsx, .ods and .csv alike: headings, then numbered rows of text.

Reading takes processor time and does not yield: call it in a worker process.
"""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from services.clients.adapters.file_errors import (
    BrokenFile,
    EmptyFile,
    FileTooLarge,
    ProtectedFile,
    TooManyColumns,
    TooManyRows,
    UnsupportedFile,
)
from services.clients.adapters.workbook_guard import column_letters, guarded
from services.clients.domain.import_rows import SheetRow

MAX_BYTES = 20 * 2**20
MAX_ROWS = 50_000
MAX_COLUMNS = 200
_ZIP, _OLD_OR_ENCRYPTED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";\t,"

Cell = str | float | bool | dt.date | dt.time | dt.timedelta


@dataclass(frozen=True, slots=True)
class Table:
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_table(content: bytes) -> Table:
    """The first table of a file. Its first filled row are the headings; rows keep the numbers
    that a spreadsheet program shows, empty rows and empty cells are left out."""
    if len(content) > MAX_BYTES:
        raise FileTooLarge(limit=MAX_BYTES // 2**20)
    if content.startswith(_OLD_OR_ENCRYPTED):
        raise ProtectedFile
    lines = _workbook_lines(content) if content.startswith(_ZIP) else _csv_lines(content)
    filled = list(_filled(lines))
    if not filled[1:]:
        raise EmptyFile
    (_, titles), *rows = filled
    headings = _headings(titles, width=max(len(cells) for _, cells in filled))
    return Table(headings, tuple(_sheet_row(number, headings, cells) for number, cells in rows))


def _filled(lines: Iterable[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise TooManyRows(limit=MAX_ROWS)
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(limit=MAX_COLUMNS, row=number)
        yield number, cells


def _headings(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """One name for every column: an untitled one has its letter, a repeated one a number."""
    titles = [" ".join(cell.split()) for cell in cells] + [""] * (width - len(cells))
    taken: Counter[str] = Counter()
    headings = []
    for number, title in enumerate(titles, start=1):
        heading = title or column_letters(number)
        taken[heading] += 1
        headings.append(heading if taken[heading] == 1 else f"{heading} ({taken[heading]})")
    return tuple(headings)


def _sheet_row(number: int, headings: Sequence[str], cells: Sequence[str]) -> SheetRow:
    return SheetRow(number, {heading: cell for heading, cell in zip(headings, cells, strict=False) if cell})


def _workbook_lines(content: bytes) -> Iterator[list[str]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(guarded(content))) as workbook:
            sheet = _first_sheet(workbook)
            left = [""] * (sheet.start[1] if sheet.start else 0)
            for row in sheet.iter_rows():
                yield left + [_text(cell) for cell in row]
    except PasswordError as error:
        raise ProtectedFile from error
    except CalamineError as error:
        raise BrokenFile from error


def _first_sheet(workbook: CalamineWorkbook) -> CalamineSheet:
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return workbook.get_sheet_by_name(sheet.name)
    raise EmptyFile


def _text(cell: Cell) -> str:
    """A cell as it was meant: codes and phones that became numbers have no point and no exponent."""
    if isinstance(cell, bool):
        return "да" if cell else "нет"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise BrokenFile from error


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise UnsupportedFile
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1251")
    except UnicodeDecodeError as error:
        raise UnsupportedFile from error


def _delimiter(text: str) -> str:
    """The one that the first filled line has most of, outside quotes."""
    first = text.lstrip().partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)

"""Tables that people send, .xlsx, .ods, .csv and .vcf alike: headings, then numbered rows of text.

Reading takes processor time and does not yield: call it in a worker process.
"""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

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
from services.clients.adapters.vcard import BEGINNING, cards
from services.clients.adapters.workbook_guard import column_letters, guarded

MAX_BYTES = 20 * 2**20
MAX_ROWS = 100_000
MAX_COLUMNS = 200
_ZIP, _OLD_OR_ENCRYPTED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";\t,"
# before what a spreadsheet would take for a formula, in files that are guarded against that
_MARK = re.compile(r"'(?=\s*[=+\-@])")

Cell = str | float | bool | dt.date | dt.time | dt.timedelta
# its number, and its cells in the order of the columns
Line = tuple[int, list[str]]


class TableReader:
    """The first table of a file, line by line. Its first filled row are the headings; rows keep the
    numbers that a spreadsheet program shows, empty rows and empty cells are left out. Cards of an
    address book are numbered from 1."""

    def __init__(self, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise FileTooLarge(limit=MAX_BYTES // 2**20)
        if content.startswith(_OLD_OR_ENCRYPTED):
            raise ProtectedFile
        self._titles: list[str] = []
        self._taken: Counter[str] = Counter()
        self._content = content

    @property
    def headings(self) -> tuple[str, ...]:
        """One for every column; all of them are known once all lines are read."""
        return tuple(self._titles)

    def __iter__(self) -> Iterator[Line]:
        """The rows below the headings; there is at least one."""
        count = 0
        for count, line in enumerate(self._lines(), start=1):
            if count > MAX_ROWS:
                raise TooManyRows(limit=MAX_ROWS)
            yield line
        if not count:
            raise EmptyFile

    def _lines(self) -> Iterator[Line]:
        if self._content.startswith(_ZIP):
            return self._below_headings(_workbook_lines(self._content))
        text = _decoded(self._content)
        return self._cards(text) if BEGINNING.match(text) else self._below_headings(_csv_lines(text))

    def _below_headings(self, lines: Iterable[Sequence[str]]) -> Iterator[Line]:
        filled = _filled(lines)
        _, titles = next(filled, (0, []))
        for title in titles:
            self._entitle(" ".join(title.split()))
        for number, cells in filled:
            while len(self._titles) < len(cells):
                self._entitle("")
            yield number, cells

    def _cards(self, text: str) -> Iterator[Line]:
        columns: dict[str, int] = {}
        for number, card in enumerate(cards(text), start=1):
            for heading in [one for one in card if one not in columns]:
                columns[heading] = len(columns)
                self._entitle(heading)
            yield number, [card.get(heading, "") for heading in columns]

    def _entitle(self, title: str) -> None:
        """Gives the next column its name: an untitled one has its letter, a repeated one a number."""
        heading = title or column_letters(len(self._titles) + 1)
        self._taken[heading] += 1
        repeated = self._taken[heading]
        self._titles.append(heading if repeated == 1 else f"{heading} ({repeated})")


def _filled(lines: Iterable[Sequence[str]]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise TooManyColumns(limit=MAX_COLUMNS, row=number)
        yield number, cells


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


def _csv_lines(text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for cells in reader:
            yield [_MARK.sub("", cell) for cell in cells]
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

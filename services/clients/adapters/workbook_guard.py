"""Looks into an .xlsx or .ods before it is read as a whole: a small file may unpack into gigabytes,
and one filled cell in a far corner makes a reader reserve the whole rectangle."""

import io
import lzma
import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from xml.parsers import expat

from services.clients.adapters.file_errors import (
    BrokenFile,
    ProtectedFile,
    TooManyCells,
    UnpacksTooLarge,
    UnsupportedFile,
)

MAX_UNPACKED = 100 * 2**20
MAX_PARTS = 1_000
MAX_CELLS = 2_000_000
_ENCRYPTED = 0x1
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_COUNT = re.compile(r"[0-9]{1,7}")


def guarded(content: bytes) -> bytes:
    """The workbook packed anew from what it really unpacks to, without pictures and macros."""
    parts = _unpack(content)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ProtectedFile
    # UTF-16, which would hide what is looked for below
    if any(b"\0" in part for part in parts.values()):
        raise BrokenFile
    if "content.xml" in parts:
        _OdsExtent().check(parts["content.xml"])
    else:
        _check_sheets([part for part in parts.values() if b"sheetData" in part])
    return _pack(parts)


def _check_sheets(sheets: list[bytes]) -> None:
    if not sheets:
        raise UnsupportedFile
    for sheet in sheets:
        _XlsxExtent().check(sheet)


def _unpack(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _wanted(entry.filename)]
            _check_entries(entries)
            # zipfile reads no more than the declared size and then checks the sum: false sizes are found
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise BrokenFile from error


def _wanted(name: str) -> bool:
    return name == "mimetype" or name.endswith((".xml", ".rels"))


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnpacksTooLarge(limit=MAX_UNPACKED // 2**20)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise ProtectedFile


def _pack(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


class _Extent(ABC):
    """The rectangle that the filled cells of a sheet span."""

    def __init__(self) -> None:
        self._height = self._width = 0

    def check(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(part, True)
        except expat.ExpatError as error:
            raise BrokenFile from error

    @abstractmethod
    def _start(self, element: str, attributes: dict[str, str]) -> None: ...

    @abstractmethod
    def _end(self, element: str) -> None: ...

    def _reach(self, row: int, column: int) -> None:
        self._height, self._width = max(self._height, row), max(self._width, column)
        _limit(self._height * self._width)


class _XlsxExtent(_Extent):
    def __init__(self) -> None:
        super().__init__()
        self._row = self._column = 0

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.rpartition(":")[2]
        if name == "row":
            self._row = _count(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif name == "c":
            self._place(attributes.get("r"))
        elif name in ("v", "is"):
            self._reach(self._row, self._column)

    def _end(self, element: str) -> None:
        pass

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
        elif found := _REFERENCE.fullmatch(reference):
            self._row, self._column = int(found[2]), column_number(found[1])
        else:
            raise BrokenFile


class _OdsExtent(_Extent):
    """OpenDocument writes equal neighbours once, with a number of repetitions."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = self._columns = self._filled_to = self._row_repeats = self._last_repeats = 0
        self._laid_out = 0

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table:table":
            self._rows = self._height = self._width = 0
        elif element == "table:table-row":
            self._columns = self._filled_to = self._last_repeats = 0
            self._row_repeats = _count(attributes.get("table:number-rows-repeated", "1"))
        elif element in ("table:table-cell", "table:covered-table-cell"):
            self._last_repeats = _count(attributes.get("table:number-columns-repeated", "1"))
            self._columns += self._last_repeats
            if any(name.startswith("office:") or name == "table:formula" for name in attributes):
                self._filled_to = self._columns

    def _end(self, element: str) -> None:
        if element != "table:table-row":
            return
        self._rows += self._row_repeats
        if self._filled_to:
            self._reach(self._rows, self._filled_to)
        # a reader lays out empty cells too, all but the last run of a row
        self._laid_out += max(self._filled_to, self._columns - self._last_repeats)
        _limit(self._laid_out)


def _limit(cells: int) -> None:
    if cells > MAX_CELLS:
        raise TooManyCells(limit=MAX_CELLS)


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise BrokenFile
    return int(text)


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters

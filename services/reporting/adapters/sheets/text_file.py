"""A table as plain text: a row in each line, its cells between tabs."""

import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from services.reporting.adapters.sheets.csv_file import BYTE_ORDER_MARK
from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.domain.cells import cell, plain
from services.reporting.domain.headings import STAMP


def write_text(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(BYTE_ORDER_MARK)
    _line(text, [*(column.heading for column in sheet.columns), STAMP[sheet.language]])
    zone, stamp = ZoneInfo(sheet.zone), plain(sheet.stamp, sheet.language)
    for row in rows:
        cells = (cell(row.get(column.name), column.kind, zone) for column in sheet.columns)
        _line(text, [*(plain(one, sheet.language) for one in cells), stamp])
    text.detach()


def _line(text: io.TextIOWrapper, cells: Iterable[str]) -> None:
    """What a cell has of tabs and line ends becomes spaces: a row stays one line."""
    text.write("\t".join(" ".join(one.split()) for one in cells) + "\r\n")

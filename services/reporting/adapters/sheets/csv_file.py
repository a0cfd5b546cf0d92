"""A table as CSV, as spreadsheets of the reader's country expect it."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.domain.cells import cell, plain
from services.reporting.domain.headings import STAMP

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets do not read UTF-8
DELIMITERS = {"ru": ";", "en": ","}


def write_csv(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=DELIMITERS[sheet.language], lineterminator="\r\n")
    writer.writerow([*(column.heading for column in sheet.columns), STAMP[sheet.language]])
    zone, stamp = ZoneInfo(sheet.zone), plain(sheet.stamp, sheet.language)
    for row in rows:
        cells = (cell(row.get(column.name), column.kind, zone) for column in sheet.columns)
        writer.writerow([*(plain(one, sheet.language) for one in cells), stamp])
    text.detach()

"""Clients or contact persons as cards that address books take in."""

import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from services.kernel.vcards import vcard
from services.reporting.adapters.sheets.sheet import Sheet


def write_vcards(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.writelines(vcard(row, sheet.stamp) for row in rows if row.get("name"))  # nobody takes in a card without one
    text.detach()

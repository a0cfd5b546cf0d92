"""One value of a list as a cell of a table, typed where spreadsheets know the type.

A spreadsheet takes text that begins with certain signs for a formula and carries it out when
the file is opened, so such text is marked. Source: OWASP, «CSV Injection».
"""

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from services.reporting.commands import Language

Cell = str | int | bool | Decimal | date | datetime | None

INSIDE = re.compile(r"([;,\t]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
PHONES = re.compile(r"\+[0-9]{5,15}(; \+[0-9]{5,15})*")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767  # what a cell of a spreadsheet can hold
CUT = "…"
YES: dict[Language, str] = {"ru": "да", "en": "yes"}
NO: dict[Language, str] = {"ru": "нет", "en": "no"}


class Column(NamedTuple):
    """`kind` is that of the field, as lists know it."""

    name: str
    heading: str
    kind: str


def cell(value: Any, kind: str, zone: ZoneInfo) -> Cell:
    """The value by its kind; what is no single value becomes text. Times are shown in a zone."""
    if value in (None, "", []):
        return None
    if isinstance(value, bool | int):
        return value
    match kind:
        case "money":
            return Decimal(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None, microsecond=0)
    return UNPRINTABLE.sub("", value if isinstance(value, str) else _joined(value))


def runs(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula. A phone number is no more than a number."""
    return bool(FORMULA.match(text)) and not PHONES.fullmatch(text)


def plain(cell: Cell, language: Language) -> str:
    """The cell as text in a file that knows no types and that spreadsheets open; what might run is
    marked with an apostrophe, also behind what separates the cells in another country."""
    return _marked(cell) if isinstance(cell, str) else shown(cell, language)


def shown(cell: Cell, language: Language) -> str:
    """The cell as text to be read."""
    match cell:
        case str():
            return cell
        case bool():
            return (YES if cell else NO)[language]
        case date():
            return _day(cell, language)
        case Decimal():
            return str(cell).replace(".", "," if language == "ru" else ".")
    return "" if cell is None else str(cell)


def _day(moment: date, language: Language) -> str:
    """A date, or a time with its date."""
    timed = isinstance(moment, datetime)
    if language == "ru":
        return moment.strftime("%d.%m.%Y %H:%M:%S" if timed else "%d.%m.%Y")
    return moment.strftime("%Y-%m-%d %H:%M:%S" if timed else "%Y-%m-%d")


def _joined(value: Any) -> str:
    """A list of texts, phones or addresses in one line; anything else as JSON."""
    if isinstance(value, list):
        shown = [_shown(one) for one in value]
        if all(one is not None for one in shown):
            return "; ".join(one for one in shown if one)
    return json.dumps(value, ensure_ascii=False)


def _shown(one: Any) -> str | None:
    """A text, a phone or an e-mail address; None of anything else."""
    match one:
        case str():
            return one
        case {"written": written, "number": number}:
            return str(number or written)
        case {"address": str(address), "valid": _}:
            return address
    return None


def _marked(text: str) -> str:
    if PHONES.fullmatch(text):
        return text
    marked = INSIDE.sub(r"\1'", text)
    return f"'{marked}" if runs(text) else marked


def fitting(text: str) -> str:
    """As much of a text as a cell of a workbook can hold."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT

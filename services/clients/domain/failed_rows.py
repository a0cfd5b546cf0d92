"""The rows of a table that were not taken in, as a file to be put right and imported again."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from services.clients.domain.import_columns import REASON, ROW

FAILED = frozenset({"refused", "duplicate"})
MEDIA_TYPE = "text/csv; charset=utf-8"
_BOM = "\ufeff"
# what a spreadsheet takes for a formula, wherever it is opened. Source: OWASP, «CSV Injection»
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_INSIDE = re.compile(r"([;,\t]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_PHONES = re.compile(r"\+[0-9]{5,15}(; \+[0-9]{5,15})*")


def write_failed_rows(headings: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """The columns as they were, before them the row's number, behind them why it was not taken in."""
    text = io.StringIO()
    text.write(_BOM)
    file = csv.writer(text, delimiter=";", lineterminator="\r\n")
    file.writerow([ROW, *map(_harmless, headings), REASON])
    for number, cells, reason in rows:
        filled = [*cells, *[""] * (len(headings) - len(cells))]
        file.writerow([number, *map(_harmless, filled), _harmless(reason)])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    if _PHONES.fullmatch(cell):
        return cell
    marked = _INSIDE.sub(r"\1'", cell)
    return f"'{marked}" if _FORMULA.match(cell) else marked

"""A whole table, as tests look at it."""

from typing import NamedTuple

from services.clients.adapters.spreadsheet import TableReader
from services.clients.domain.import_rows import SheetRow


class Table(NamedTuple):
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_table(content: bytes) -> Table:
    table = TableReader(content)
    lines = list(table)
    return Table(table.headings, tuple(SheetRow(number, named(table.headings, cells)) for number, cells in lines))


def named(headings: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    return {heading: cell for heading, cell in zip(headings, cells, strict=False) if cell}

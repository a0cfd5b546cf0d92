"""The table of an import: taken from its file, read row by row, destroyed."""

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Any

from services.clients.adapters.reading import read_table
from services.clients.adapters.spreadsheet import Line
from services.clients.domain.import_columns import COLUMN_FIELDS, Columns, map_columns, propose_columns
from services.clients.domain.import_rows import SheetRow
from services.clients.domain.operation import Operation
from services.clients.handlers.long_lists import Contents, Keeping, contents_of, entries, files_of
from services.kernel.blobs import Erased
from services.kernel.commands import Tools
from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.rights import Rights

SAMPLES = 5
LONGEST_SAMPLE = 100


def key_of_table(import_id: str) -> PersonKey:
    return PersonKey(import_id, "relation")


def keep_table(tools: Tools, content: bytes, columns: Columns, import_id: str) -> tuple[str, int]:
    """The hash by which the rows are read, and their number. Of what cannot be imported nothing is kept."""
    keeping = Keeping(tools, key_of_table(import_id))
    total = 0
    headings: tuple[str, ...] = ()
    try:
        with closing(read_table(content)) as pieces:
            for piece in pieces:
                keeping.add(piece.rows)
                total += len(piece.rows)
                headings = piece.headings or headings
        map_columns(headings, columns)
    except Exception:
        keeping.drop()
        raise
    return keeping.end(headings), total


def keep_upload(tools: Tools, content: bytes, import_id: str) -> str:
    """The hash by which the file is read as it came."""
    return tools.blobs.put(content, "application/octet-stream", key_of_table(import_id)).hash


def forget_table(tools: Tools, importing: Operation) -> None:
    """The names of its files are lost with the key, and may be by an earlier run."""
    key = key_of_table(importing.id)
    files: tuple[str, ...] = ()
    if importing.file_hash:
        with suppress(Erased, NotFound):
            files = tuple(files_of(tools, importing.file_hash))
    tools.forget(key)
    for file in filter(None, (importing.upload_hash, *files)):
        tools.blobs.remove(file, key)


def propose_import(_tools: Tools, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """What the columns of a file seem to mean, with what stands in the first rows; nothing is kept."""
    rows: list[Line] = []
    total = 0
    headings: tuple[str, ...] = ()
    with closing(read_table(arguments["content"])) as pieces:
        for piece in pieces:
            rows += piece.rows[: SAMPLES - len(rows)]
            total += len(piece.rows)
            headings = piece.headings or headings
    mapped = propose_columns(headings, {})
    shown = [
        {"heading": heading, "field": mapped.get(heading), "samples": _samples(rows, number)}
        for number, heading in enumerate(headings)
    ]
    return {"total": total, "columns": shown, "fields": list(COLUMN_FIELDS)}


def _samples(rows: list[Line], column: int) -> list[str]:
    found = (cells[column] for _, cells in rows if column < len(cells))
    return [cell[:LONGEST_SAMPLE] for cell in found if cell]


class Table:
    """The kept table of an import."""

    def __init__(self, tools: Tools, running: Operation) -> None:
        self._tools = tools
        self.contents: Contents = contents_of(tools, running.file_hash)
        self.columns = map_columns(self.contents.headings, running.columns)

    def rows(self, first: int, upto: int) -> Iterator[SheetRow]:
        for number, cells in entries(self._tools, self.contents, first, upto, tuple[int, list[str]]):
            named = zip(self.contents.headings, cells, strict=False)
            yield SheetRow(number, {heading: cell for heading, cell in named if cell})

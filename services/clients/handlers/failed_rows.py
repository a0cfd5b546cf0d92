"""The rows that an import did not take in: kept as a file for a while, read by who began it, destroyed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.clients.commands.operations import DestroyFailedRows
from services.clients.domain import operation as operations
from services.clients.domain.failed_rows import FAILED, MEDIA_TYPE, write_failed_rows
from services.clients.domain.operation import Operation, forgo_failed_rows, keep_failed_rows
from services.clients.events.operations import OperationRowsProcessed, RowResult
from services.clients.handlers.aggregates import OPERATION
from services.clients.handlers.long_lists import all_entries, contents_of
from services.clients.queries.operations import OPERATIONS, erased_since, operations_with_failed_rows
from services.clients.queries.users import find_manager_name
from services.kernel import clock
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.reactions import Arguments, Outcome
from services.kernel.rights import Rights
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import StreamEvents


def key_of_failed(import_id: str) -> PersonKey:
    return PersonKey(f"{import_id}-failed", "relation")


def run_keep_failed_rows(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Nothing where somebody was forgotten meanwhile: the rows may tell of him."""
    operation = load(tools.store, OPERATION, arguments["operation_id"]).state
    if operation.kind != "import":
        return Outcome()
    contents = contents_of(tools, operation.file_hash)
    failed = list(_failed(tools, operation.id, all_entries(tools, contents, tuple[int, list[str]])))
    file = write_failed_rows(contents.headings, failed)
    kept = tools.blobs.put(file, MEDIA_TYPE, key_of_failed(operation.id))

    def decide() -> list[StreamEvents]:
        now = tools.load(OPERATION, operation.id, context)
        if _forgotten_since(tools, operation.id):
            return [StreamEvents(now.stream, now.version, forgo_failed_rows(now.state, kept.hash))]
        events = keep_failed_rows(now.state, len(failed), kept.size, kept.hash, clock.now())
        return [StreamEvents(now.stream, now.version, events)]

    return Outcome(decide)


def _failed(
    tools: Tools, operation_id: str, rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, Sequence[str], str]]:
    """Rows and what became of them come in the same order."""
    for result, (number, cells) in zip(_results(tools, operation_id), rows, strict=True):
        if result.outcome in FAILED:
            yield number, cells, _reason(tools, result)


def _results(tools: Tools, operation_id: str) -> Iterator[RowResult]:
    for recorded in tools.store.read_stream(OPERATION.stream(operation_id)):
        if isinstance(recorded.event, OperationRowsProcessed):
            yield from recorded.event.results


def _reason(tools: Tools, result: RowResult) -> str:
    told = [f"{one.column}: {one.ru}" if one.column else one.ru for one in result.problems]
    if result.client_id is not None:
        with tools.read() as connection:
            told.append(f"ответственный: {find_manager_name(connection, result.client_id) or 'нет'}")
    return "; ".join(told)


def _forgotten_since(tools: Tools, operation_id: str) -> bool:
    with tools.read() as connection:
        return erased_since(connection, operation_id)


def gave_up_failed_rows(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    """The table is destroyed all the same."""
    now = tools.load(OPERATION, arguments["operation_id"], context)
    return [StreamEvents(now.stream, now.version, forgo_failed_rows(now.state, ""))]


def run_forget_failed_rows(arguments: Arguments, tools: Tools, _context: Context) -> Outcome:
    key = key_of_failed(arguments["operation_id"])
    tools.forget(key)
    tools.blobs.remove(arguments["file_hash"], key)
    return Outcome()


def run_close_failed_rows(_arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Rows that were kept before somebody was forgotten may tell of him."""

    def decide() -> list[StreamEvents]:
        with tools.read() as connection:
            kept = operations_with_failed_rows(connection)
        return [_destroyed(tools.load(OPERATION, operation_id, context)) for operation_id in kept]

    return Outcome(decide)


def _destroyed(loaded: Loaded[Operation]) -> StreamEvents:
    return StreamEvents(loaded.stream, loaded.version, operations.destroy_failed_rows(loaded.state))


def destroy_failed_rows(tools: Tools, command: DestroyFailedRows, context: Context) -> Written:
    loaded = tools.load(OPERATION, command.operation_id, context)
    return tools.append(context, loaded, operations.destroy_failed_rows(loaded.state))


def get_failed_rows(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """Where the file lies; for whom nothing is masked, as in the file nothing is."""
    with tools.read() as connection:
        operation = OPERATIONS.get(connection, {**arguments, "fields": None}, rights)
    kept = load(tools.store, OPERATION, arguments["operation_id"]).state.failed_rows
    if kept is None or rights.masked:
        raise NotFound(what="failed-rows", id=arguments["operation_id"])
    return {"hash": kept.file_hash, "size": kept.size, "rows": kept.rows, "file_name": operation["file_name"]}

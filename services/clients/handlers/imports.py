"""The import of a table of clients: begun, and taken in row by row."""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from services.clients.adapters.reading import read_table
from services.clients.adapters.spreadsheet import Table
from services.clients.commands.clients import CreateClient
from services.clients.commands.operations import StartImport
from services.clients.domain.import_columns import map_columns
from services.clients.domain.import_rows import ClientDraft, ReadRow, read_row, with_manager_noted
from services.clients.domain.operation import CHUNK, Operation
from services.clients.events.operations import ImportStarted, RowProblem, RowResult
from services.clients.handlers.aggregates import OPERATION
from services.clients.handlers.clients import DuplicateClient, create_client
from services.clients.queries.users import find_users_named
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.events import PersonKey
from services.kernel.rights import Rights
from services.kernel.store.claims import Idempotency

TABLES_KEPT = 2
_tables: dict[str, Table] = {}  # those being imported, by the hash of the file


def start_import(tools: Tools, command: StartImport, context: Context) -> Written:
    """Only what can be read at all is begun; the rows are taken in afterwards."""
    if context.idempotency_key is not None:  # so that a repetition keeps the same copy of the file
        known_by = f"import/{context.principal}/{context.idempotency_key}"
        command = replace(command, operation_id=str(uuid5(NAMESPACE_OID, known_by)))
    table = read_table(command.content)
    map_columns(table.headings, command.columns)
    kept = tools.blobs.put(command.content, "application/octet-stream", PersonKey(command.operation_id, "relation"))
    users = None if context.rights.users is None else tuple(sorted(context.rights.users))
    started = ImportStarted(
        command.operation_id, context.actor, len(table.rows), command.file_name, kept.hash, command.columns, users
    )
    return tools.append(context, tools.begin(OPERATION, command.operation_id), [started])


def import_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Takes in the next chunk of rows; a row taken in before, by a run that was cut off, is
    recognised by its idempotency key."""
    table = _table(tools, running.file_hash)
    columns = map_columns(table.headings, running.columns)
    upto = running.done + CHUNK
    if upto >= running.total:
        _tables.pop(running.file_hash, None)
    chunk = table.rows[running.done : upto]
    context = replace(context, rights=Rights(None if running.users is None else frozenset(running.users)))
    return [_import_row(tools, running.id, read_row(row, columns), context) for row in chunk]


def _table(tools: Tools, file_hash: str) -> Table:
    """Read once for all its chunks."""
    if file_hash not in _tables:
        for kept in list(_tables)[: len(_tables) + 1 - TABLES_KEPT]:
            _tables.pop(kept, None)
        _tables[file_hash] = read_table(tools.blobs.get(file_hash))
    return _tables[file_hash]


def _import_row(tools: Tools, import_id: str, row: ReadRow, context: Context) -> RowResult:
    problems = tuple(RowProblem(p.column, p.code, p.ru, p.en) for p in row.problems)
    if row.draft is None:
        return RowResult(row.number, "refused", None, problems)
    key = f"{import_id}/{row.number}"
    done = tools.store.done("import", key)
    if done is not None:
        return RowResult(row.number, "created", done.resource, problems)
    command = _drafted(tools, row.draft, context.rights)
    tools = replace(tools, idempotency=lambda resource: Idempotency("import", key, "", resource))
    try:
        written = create_client(tools, command, context)
    except DuplicateClient as duplicate:
        text = duplicate.problem()  # without the managers' names, which events do not keep open
        same = RowProblem("", text.type, text.ru, text.en)
        return RowResult(row.number, "duplicate", duplicate.params["candidates"].split(", ")[0], (*problems, same))
    return RowResult(row.number, "created", written.id, problems)


def _drafted(tools: Tools, draft: ClientDraft, rights: Rights) -> CreateClient:
    """The manager by the name the table has for him; where that is nobody's, several people's, or
    somebody's whose clients the importer does not see, it stays in the note."""
    with tools.read() as connection:
        managers = find_users_named(connection, draft.manager) if draft.manager else []
    if len(managers) == 1 and rights.reach(managers[0]):
        return CreateClient(draft.kind, draft.fields, manager_id=managers[0], accept_unverified=True)
    fields = with_manager_noted(draft) if draft.manager else draft.fields
    return CreateClient(draft.kind, fields, accept_unverified=True)

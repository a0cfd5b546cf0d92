"""Undoing an operation by compensating events, client by client; and what that would come to."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from services.clients.commands.operations import RevertOperation
from services.clients.domain import operation as operations
from services.clients.domain.client import Client
from services.clients.domain.operation import CHUNK, Operation
from services.clients.domain.undo import Undo, undo
from services.clients.events.operations import OperationRowsProcessed, RevertStarted, RowProblem, RowResult
from services.clients.handlers.aggregates import CLIENT, OPERATION
from services.clients.handlers.edits import change_once, cut_off, events_of, told
from services.clients.queries.clients import CLIENTS
from services.clients.queries.operations import list_operation_rows
from services.kernel.bulk import alone, carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import Recorded
from services.kernel.rights import Rights
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import StreamEvents

REVERTED, CONFLICT = "reverted", "conflict"
# a client, and the versions it stood at before and after the operation
Done = tuple[str, int, int]


class ChangedSince(Refusal):
    ru = "Изменено позже, {at:%d.%m.%Y}: {by}"
    en = "Changed since, on {at:%Y-%m-%d}, by {by}"


class NotAllSeen(Refusal):
    status = 403
    ru = "Операция изменила и клиентов, которых вы не видите: отменить её может тот, кто видит всех"
    en = "The operation changed clients that are not yours to see as well: who sees them all may undo it"


class _Conflict(Exception):
    """Somebody has changed since what is to be undone."""

    def __init__(self, found: Undo) -> None:
        super().__init__("conflict")
        self.found = found


def revert_operation(tools: Tools, command: RevertOperation, context: Context) -> Written:
    """The undoing and its mark on what is undone are written together."""
    undone = load(tools.store, OPERATION, command.reverts)
    if not context.rights.reach(undone.state.started_by):
        raise NotFound(what="operation", id=command.reverts)
    marked = operations.revert_operation(undone.state, command.operation_id)
    if cut_off(tools, undone.state):
        ru, en = "её последняя часть не записана, дайте ей закончиться", "its last part is not noted, let it go on"
        raise operations.CannotBeReverted(why_ru=ru, why_en=en)
    rows = _seen_rows(tools, command.reverts, context.rights)
    if len(rows) < sum(1 for _ in _changed_rows(tools, command.reverts)):
        raise NotAllSeen
    kept = tools.blobs.put(msgspec.json.encode(rows), "application/json")
    started = RevertStarted(command.operation_id, context.actor, len(rows), command.reverts, kept.hash)
    begun = tools.begin(OPERATION, command.operation_id)
    return tools.append(context, begun, [started], also=[StreamEvents(undone.stream, undone.version, marked)])


def _seen_rows(tools: Tools, operation_id: str, rights: Rights) -> list[Done]:
    """What was done to those clients that the caller sees now."""
    rows = list(_changed_rows(tools, operation_id))
    among = CLIENTS.table.c.id.in_([client_id for client_id, _, _ in rows])
    with tools.read() as connection:
        seen = set(CLIENTS.keys(connection, {}, rights, len(rows), among))
    return [row for row in rows if row[0] in seen]


def revert_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Undoes what was done to the next clients."""
    rows: list[Done] = msgspec.json.decode(tools.blobs.get(running.file_hash), type=list[Done])
    chunk = list(enumerate(rows[running.done : running.done + CHUNK], running.done + 1))
    return carry_out(chunk, alone, lambda numbered: _revert_row(tools, running, *numbered, context))


def _revert_row(tools: Tools, running: Operation, row: int, of: Done, context: Context) -> RowResult:
    def wanted(loaded: Loaded[Client]) -> Mapping[str, Any]:
        found = _undo(tools, of, loaded)
        if found.conflicts:
            raise _Conflict(found)
        return found.back

    try:
        return change_once(tools, running, row, of[0], wanted, REVERTED, context)
    except _Conflict as conflict:
        return RowResult(row, CONFLICT, of[0], _blamed(conflict.found))


def list_revert_preview(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """What undoing an operation would come to by now, row by row; nothing is written."""
    with tools.read() as connection:
        page = list_operation_rows(connection, {**arguments, "fields": None}, rights)
        named = CLIENTS.table.c.id.in_([row["client_id"] for row in page["items"]])
        seen = set(CLIENTS.keys(connection, {}, rights, len(page["items"]), named))
    of_import = load(tools.store, OPERATION, arguments["operation_id"]).state.kind == "import"
    return {**page, "items": [_previewed(tools, row, seen, of_import=of_import) for row in page["items"]]}


def _previewed(tools: Tools, row: Mapping[str, Any], seen: Collection[str], *, of_import: bool) -> dict[str, Any]:
    outcome, problems = _foretold(tools, row, seen, of_import=of_import)
    shown = [{"column": p.column, "code": p.code, "ru": p.ru, "en": p.en} for p in problems]
    return {**row, "outcome": outcome, "problems": shown}


def _foretold(
    tools: Tools, row: Mapping[str, Any], seen: Collection[str], *, of_import: bool
) -> tuple[str, tuple[RowProblem, ...]]:
    if of_import and row["outcome"] == "created":
        return "refused", (told(operations.import_stays()),)
    if row["after"] and row["client_id"] in seen:
        return _outcome(tools, (row["client_id"], row["before"], row["after"]))
    return "unchanged", ()


def _outcome(tools: Tools, of: Done) -> tuple[str, tuple[RowProblem, ...]]:
    loaded = load(tools.store, CLIENT, of[0])
    found = _undo(tools, of, loaded)
    if found.conflicts:
        return CONFLICT, _blamed(found)
    return (REVERTED if events_of(loaded.state, found.back) else "unchanged"), ()


def _undo(tools: Tools, of: Done, loaded: Loaded[Client]) -> Undo:
    _, before, after = of
    events = tools.store.read_stream(loaded.stream, after_version=before)
    return undo(loaded.state, events[: after - before], events[after - before :])


def _blamed(found: Undo) -> tuple[RowProblem, ...]:
    return tuple(_problem(name, by) for name, by in sorted(found.conflicts.items()))


def _problem(name: str, by: Recorded) -> RowProblem:
    problem = ChangedSince(at=by.recorded_at, by=by.actor).problem()
    return RowProblem(name, problem.type, problem.ru, problem.en)


def _changed_rows(tools: Tools, operation_id: str) -> Iterator[Done]:
    for recorded in tools.store.read_stream(OPERATION.stream(operation_id)):
        if isinstance(recorded.event, OperationRowsProcessed):
            for result in recorded.event.results:
                if result.after and result.client_id is not None:
                    yield result.client_id, result.before, result.after

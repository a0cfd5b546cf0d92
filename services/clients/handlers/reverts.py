"""Undoing an operation by compensating events, client by client; and what that would come to."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.clients.commands import RevertOperation
from services.clients.domain import operation as operations
from services.clients.domain.client import Client
from services.clients.domain.operation import CHUNK, Operation
from services.clients.domain.undo import Undo, undo
from services.clients.events import OperationRowsProcessed, RevertStarted, RowProblem, RowResult
from services.clients.handlers.clients import CLIENT
from services.clients.handlers.edits import change_once, events_of
from services.clients.handlers.operations import OPERATION
from services.clients.queries import list_operation_rows
from services.kernel.bulk import alone, carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import Recorded
from services.kernel.rights import Rights
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import StreamEvents

REVERTED, CONFLICT = "reverted", "conflict"


class ChangedSince(Refusal):
    ru = "Изменено позже, {at:%d.%m.%Y}: {by}"
    en = "Changed since, on {at:%Y-%m-%d}, by {by}"


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
    total = sum(1 for _ in _changed_rows(tools, command.reverts))
    started = RevertStarted(command.operation_id, context.actor, total, command.reverts)
    begun = tools.begin(OPERATION, command.operation_id)
    return tools.append(context, begun, [started], also=[StreamEvents(undone.stream, undone.version, marked)])


def revert_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Undoes what was done to the next clients."""
    assert running.reverts is not None
    rows = list(_changed_rows(tools, running.reverts))
    chunk = list(enumerate(rows[running.done : running.done + CHUNK], running.done + 1))
    return carry_out(chunk, alone, lambda numbered: _revert_row(tools, running, *numbered, context))


def _revert_row(tools: Tools, running: Operation, row: int, of: RowResult, context: Context) -> RowResult:
    def wanted(loaded: Loaded[Client]) -> Mapping[str, Any]:
        found = _undo(tools, of, loaded)
        if found.conflicts:
            raise _Conflict(found)
        return found.back

    assert of.client_id is not None
    try:
        return change_once(tools, running, row, of.client_id, wanted, REVERTED, context)
    except _Conflict as conflict:
        return RowResult(row, CONFLICT, of.client_id, _blamed(conflict.found))


def list_revert_preview(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """What undoing an operation would come to by now, row by row; nothing is written."""
    with tools.read() as connection:
        page = list_operation_rows(connection, {**arguments, "fields": None}, rights)
    return {**page, "items": [_previewed(tools, row) for row in page["items"]]}


def _previewed(tools: Tools, row: Mapping[str, Any]) -> dict[str, Any]:
    result = RowResult(row["row"], "", row["client_id"], before=row["before"], after=row["after"])
    outcome, problems = _outcome(tools, result)
    told = [{"column": p.column, "code": p.code, "ru": p.ru, "en": p.en} for p in problems]
    return {**row, "outcome": outcome, "problems": told}


def _outcome(tools: Tools, of: RowResult) -> tuple[str, tuple[RowProblem, ...]]:
    if of.client_id is None or not of.after:
        return "unchanged", ()
    loaded = load(tools.store, CLIENT, of.client_id)
    found = _undo(tools, of, loaded)
    if found.conflicts:
        return CONFLICT, _blamed(found)
    return (REVERTED if events_of(loaded.state, found.back) else "unchanged"), ()


def _undo(tools: Tools, of: RowResult, loaded: Loaded[Client]) -> Undo:
    events = tools.store.read_stream(loaded.stream, after_version=of.before)
    own = of.after - of.before
    return undo(loaded.state, events[:own], events[own:])


def _blamed(found: Undo) -> tuple[RowProblem, ...]:
    return tuple(_problem(name, by) for name, by in sorted(found.conflicts.items()))


def _problem(name: str, by: Recorded) -> RowProblem:
    problem = ChangedSince(at=by.recorded_at, by=by.actor).problem()
    return RowProblem(name, problem.type, problem.ru, problem.en)


def _changed_rows(tools: Tools, operation_id: str) -> Iterator[RowResult]:
    for recorded in tools.store.read_stream(OPERATION.stream(operation_id)):
        if isinstance(recorded.event, OperationRowsProcessed):
            yield from (result for result in recorded.event.results if result.after)

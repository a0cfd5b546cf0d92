"""Undoing an operation by compensating events, client by client; and what that would come to."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from services.clients.commands.operations import RevertOperation
from services.clients.domain import operation as operations
from services.clients.domain.client import Client
from services.clients.domain.operation import CHUNK, Operation
from services.clients.domain.undo import WITHDRAWN, Undo, undo
from services.clients.events.operations import OperationRowsProcessed, RevertStarted, RowProblem, RowResult
from services.clients.handlers.aggregates import CLIENT, OPERATION
from services.clients.handlers.edits import change_once, cut_off, events_of, told
from services.clients.handlers.hand_overs import IN_HAND, Piece, line_of, pass_once, whose
from services.clients.handlers.long_lists import Keeping, contents_of, entries
from services.clients.queries.clients import CLIENTS, uses_of
from services.clients.queries.operations import list_operation_rows
from services.kernel.bulk import carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import Recorded
from services.kernel.rights import Rights
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import StreamEvents

REVERTED, CONFLICT = "reverted", "conflict"
AT_ONCE = 1_000


class Done(msgspec.Struct, array_like=True, frozen=True):
    """A client, or what else of theirs it is, and the versions it stood at before and after the operation."""

    id: str
    before: int
    after: int
    what: str = "client"


class ChangedSince(Refusal):
    ru = "Изменено позже, {at:%d.%m.%Y}: {by}"
    en = "Changed since, on {at:%Y-%m-%d}, by {by}"


class NotAllSeen(Refusal):
    status = 403
    ru = "Операция изменила и клиентов, которых вы не видите: отменить её может тот, кто видит всех"
    en = "The operation changed clients that are not yours to see as well: who sees them all may undo it"


class InUse(Refusal):
    ru = "С клиентом уже работают: {what_ru}"
    en = "Something has come of the client already: {what_en}"


USES = {
    "answer": ("есть ответы на анкеты", "answers to questionnaires"),
    "attachment": ("есть вложения", "attachments"),
    "consent": ("есть согласия", "consents"),
    "contact": ("есть контактные лица", "contact persons"),
    "deal": ("есть сделки", "deals"),
    "document": ("есть документы", "documents"),
    "interaction": ("есть взаимодействия", "interactions"),
    "lead": ("из лида стал клиентом", "a lead that became him"),
    "payment": ("есть платежи", "payments"),
    "task": ("есть задачи", "tasks"),
}


class _Conflict(Exception):
    """Somebody has changed since what is to be undone."""

    def __init__(self, problems: tuple[RowProblem, ...]) -> None:
        super().__init__("conflict")
        self.problems = problems


def revert_operation(tools: Tools, command: RevertOperation, context: Context) -> Written:
    """The undoing and its mark on what is undone are written together."""
    undone = load(tools.store, OPERATION, command.reverts)
    if not context.rights.reach(undone.state.started_by):
        raise NotFound(what="operation", id=command.reverts)
    marked = operations.revert_operation(undone.state, command.operation_id)
    if cut_off(tools, undone.state):
        ru, en = "её последняя часть не записана, дайте ей закончиться", "its last part is not noted, let it go on"
        raise operations.CannotBeReverted(why_ru=ru, why_en=en)
    rows = _seen_rows(tools, undone.state, context.rights)
    if len(rows) < sum(1 for _ in _changed_rows(tools, command.reverts)):
        raise NotAllSeen
    keeping = Keeping(tools)
    keeping.add(reversed(rows))  # an import may have changed what it had made
    hands = (undone.state.successor_id, undone.state.user_id)
    started = RevertStarted(command.operation_id, context.actor, len(rows), command.reverts, keeping.end(), *hands)
    begun = tools.begin(OPERATION, command.operation_id)
    return tools.append(context, begun, [started], also=[StreamEvents(undone.stream, undone.version, marked)])


def _seen_rows(tools: Tools, undone: Operation, rights: Rights) -> list[Done]:
    """What was done to those clients that the caller sees now; what else was handed over by users whom
    he sees."""
    rows = list(_changed_rows(tools, undone.id))
    others_seen = undone.user_id is None or rights.reach(undone.user_id)
    seen: set[str] = {row.id for row in rows if row.what != "client"} if others_seen else set()
    with tools.read() as connection:
        for first in range(0, len(rows), AT_ONCE):
            among = CLIENTS.table.c.id.in_([row.id for row in rows[first : first + AT_ONCE]])
            seen.update(CLIENTS.keys(connection, {}, rights, AT_ONCE, among))
    return [row for row in rows if row.id in seen]


def revert_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Undoes what was done to the next clients."""
    contents = contents_of(tools, running.file_hash)
    rows: list[Done] = entries(tools, contents, running.done, running.done + CHUNK, Done)
    chunk = list(enumerate(rows, running.done + 1))
    return carry_out(chunk, _line_of, lambda numbered: _revert_row(tools, running, *numbered, context))


def _line_of(numbered: tuple[int, Done]) -> str | None:
    """What was done to one client is undone in order."""
    return numbered[1].id if numbered[1].what == "client" else line_of((numbered[0], _piece(numbered[1])))


def _piece(done: Done) -> Piece:
    return Piece(done.what, done.id)


def _revert_row(tools: Tools, running: Operation, row: int, of: Done, context: Context) -> RowResult:
    if of.what != "client":
        if problems := _in_other_hands(tools, running, of):
            return RowResult(row, CONFLICT, None, problems, what=of.what, subject_id=of.id)
        return pass_once(tools, running, row, _piece(of), REVERTED, context)

    def wanted(loaded: Loaded[Client]) -> Mapping[str, Any]:
        found = _undo(tools, of, loaded)
        if problems := _in_the_way(tools, of.id, found):
            raise _Conflict(problems)
        return found.back

    try:
        return change_once(tools, running, row, of.id, wanted, REVERTED, context)
    except _Conflict as conflict:
        return RowResult(row, CONFLICT, of.id, conflict.problems)


def _in_other_hands(tools: Tools, running: Operation, of: Done) -> tuple[RowProblem, ...]:
    """Somebody has given it to a third one since."""
    if whose(tools, _piece(of)) in (running.user_id, running.successor_id, None):
        return ()
    stream = IN_HAND[of.what].aggregate.stream(of.id)
    return (_problem("", tools.store.read_stream(stream, after_version=of.after)[-1]),)


def list_revert_preview(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """What undoing an operation would come to by now, row by row; nothing is written."""
    with tools.read() as connection:
        page = list_operation_rows(connection, {**arguments, "fields": None}, rights)
        undone = load(tools.store, OPERATION, arguments["operation_id"]).state
        named = CLIENTS.table.c.id.in_([row["client_id"] for row in page["items"]])
        seen = set(CLIENTS.keys(connection, {}, rights, len(page["items"]), named))
    return {**page, "items": [_previewed(tools, undone, row, seen) for row in page["items"]]}


def _previewed(tools: Tools, undone: Operation, row: Mapping[str, Any], seen: Collection[str]) -> dict[str, Any]:
    outcome, problems = _foretold(tools, undone, row, seen)
    shown = [{"column": p.column, "code": p.code, "ru": p.ru, "en": p.en} for p in problems]
    return {**row, "outcome": outcome, "problems": shown}


def _foretold(
    tools: Tools, undone: Operation, row: Mapping[str, Any], seen: Collection[str]
) -> tuple[str, tuple[RowProblem, ...]]:
    if row["after"] and row["what"] != "client":
        return _handed_back(tools, undone, Done(row["subject_id"], row["before"], row["after"], row["what"]))
    if row["after"] and row["client_id"] in seen:
        return _outcome(tools, Done(row["client_id"], row["before"], row["after"]))
    return "unchanged", ()


def _handed_back(tools: Tools, undone: Operation, of: Done) -> tuple[str, tuple[RowProblem, ...]]:
    if problems := _in_other_hands(tools, undone, of):
        return CONFLICT, problems
    return (REVERTED if whose(tools, _piece(of)) == undone.successor_id else "unchanged"), ()


def _outcome(tools: Tools, of: Done) -> tuple[str, tuple[RowProblem, ...]]:
    loaded = load(tools.store, CLIENT, of.id)
    found = _undo(tools, of, loaded)
    if problems := _in_the_way(tools, of.id, found):
        return CONFLICT, problems
    return (REVERTED if events_of(loaded.state, found.back) else "unchanged"), ()


def _undo(tools: Tools, of: Done, loaded: Loaded[Client]) -> Undo:
    events = tools.store.read_stream(loaded.stream, after_version=of.before)
    own = of.after - of.before
    return undo(loaded.state, events[:own], events[own:])


def _in_the_way(tools: Tools, client_id: str, found: Undo) -> tuple[RowProblem, ...]:
    """Who is withdrawn must be of use to nobody, whichever service it is in."""
    if not found.back.get(WITHDRAWN):
        return _blamed(found)
    with tools.read() as connection:
        uses = [USES[what] for what in uses_of(connection, client_id)]
    if not uses:
        return _blamed(found)
    what_ru, what_en = (", ".join(words) for words in zip(*uses, strict=True))
    return (*_blamed(found), told(InUse(what_ru=what_ru, what_en=what_en)))


def _blamed(found: Undo) -> tuple[RowProblem, ...]:
    return tuple(_problem(name, by) for name, by in sorted(found.conflicts.items()))


def _problem(name: str, by: Recorded) -> RowProblem:
    problem = ChangedSince(at=by.recorded_at, by=by.actor).problem()
    return RowProblem(name, problem.type, problem.ru, problem.en)


def _changed_rows(tools: Tools, operation_id: str) -> Iterator[Done]:
    for recorded in tools.store.read_stream(OPERATION.stream(operation_id)):
        if isinstance(recorded.event, OperationRowsProcessed):
            for result in recorded.event.results:
                after = result.after or int(result.outcome == "created")  # imports did not note it at first
                subject = result.subject_id or result.client_id
                if after and subject is not None:
                    yield Done(subject, result.before, after, result.what)

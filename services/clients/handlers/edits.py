"""The same change made to many clients."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from services.clients.commands.clients import AssignClient, ChangeClient
from services.clients.commands.operations import AssignClients, Chosen, EditClients
from services.clients.domain import client as clients
from services.clients.domain.operation import CHUNK, Operation
from services.clients.domain.undo import MANAGER, WITHDRAWN
from services.clients.events.clients import ClientAssigned
from services.clients.events.operations import EditStarted, RowProblem, RowResult
from services.clients.handlers.aggregates import CLIENT, OPERATION
from services.clients.handlers.clients import UnknownClient, for_vip, keys_moved, require_user
from services.clients.queries.clients import CLIENTS, COUNTED
from services.kernel.bulk import alone, carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Contended, NotFound, Refusal
from services.kernel.store.aggregates import Loaded
from services.kernel.store.claims import (
    AlreadyDone,
    Done,
    Idempotency,
    KeyTaken,
    StoreUnavailable,
    StreamEvents,
    VersionConflict,
)

MOST = 10_000
TRIES = 10
BY_OPERATION = "operation"  # whose idempotency keys these are


# the fields that a client is to have, by what it is now
Wanted = Callable[[Loaded[clients.Client]], Mapping[str, Any]]


class TooManyClients(Refusal):
    status = 422
    ru = "Сразу изменяется не больше {most} клиентов"
    en = "No more than {most} clients are changed at a time"


def edit_clients(tools: Tools, command: EditClients, context: Context) -> Written:
    return _start(tools, command.operation_id, command.chosen, command.changes, context)


def assign_clients(tools: Tools, command: AssignClients, context: Context) -> Written:
    require_user(tools, MANAGER, command.manager_id)
    return _start(tools, command.operation_id, command.chosen, {MANAGER: command.manager_id}, context)


def _start(
    tools: Tools, operation_id: str, chosen: Chosen, changes: Mapping[str, str | None], context: Context
) -> Written:
    """Whose clients may be changed is decided now, by the rights of who asks."""
    ids = _seen(tools, chosen, context)
    kept = tools.blobs.put(msgspec.json.encode(ids), "application/json")
    started = EditStarted(operation_id, context.actor, len(ids), kept.hash, changes)
    return tools.append(context, tools.begin(OPERATION, operation_id), [started])


def _seen(tools: Tools, chosen: Chosen, context: Context) -> list[str]:
    """The chosen clients as far as the caller sees them; one that he names and does not see is refused."""
    asked: dict[str, Any] = {"filter": chosen.filter, "q": chosen.q}
    named = [CLIENTS.table.c.id.in_(chosen.client_ids)] if chosen.client_ids else []
    with tools.read() as connection:
        found = CLIENTS.keys(connection, asked, context.rights, MOST + 1, COUNTED, *named)
    if len(found) > MOST:
        raise TooManyClients.on("filter", most=MOST)
    if not any(asked.values()):
        seen = set(found)
        for number, client_id in enumerate(chosen.client_ids):
            if client_id not in seen:
                raise UnknownClient.on(f"client_ids.{number}", client_id=client_id)
    return found


def edit_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Changes the next clients."""
    ids: list[str] = msgspec.json.decode(tools.blobs.get(running.file_hash))
    chunk = list(enumerate(ids[running.done : running.done + CHUNK], running.done + 1))

    def edit(numbered: tuple[int, str]) -> RowResult:
        row, client_id = numbered
        return change_once(tools, running, row, client_id, lambda _client: running.changes, "changed", context)

    return carry_out(chunk, alone, edit)


def change_once(
    tools: Tools, running: Operation, row: int, client_id: str, wanted: Wanted, outcome: str, context: Context
) -> RowResult:
    """Gives a client the fields that are `wanted` of it as it is, in one append; a row that was done
    before, by a run that was cut off, is recognised by its idempotency key."""
    result = RowResult(row, outcome, client_id)
    return once(tools, running, result, lambda key: _change(tools, key, result, wanted, context))


def once(tools: Tools, running: Operation, result: RowResult, change: Callable[[str], RowResult]) -> RowResult:
    """What `change` gives by the row's idempotency key, or `result` where it was done before."""
    key = f"{running.id}/{result.row}"
    if done := tools.store.done(BY_OPERATION, key):
        return _done_before(result, done)
    for _ in range(TRIES):
        try:
            return change(key)
        except AlreadyDone as twin:  # by another run of the same chunk
            return _done_before(result, twin.record)
        except (VersionConflict, KeyTaken):
            continue  # somebody was faster; it is decided again on what he left
        except NotFound:
            return replace(result, outcome="gone")
        except (StoreUnavailable, Contended):
            raise  # the chunk is tried again
        except Refusal as refusal:
            return replace(result, outcome="refused", problems=(told(refusal),))
    raise Contended


def by_key(tools: Tools, key: str, loaded: Loaded[Any]) -> Tools:
    """What it appends is found again by the key, with the version it began at."""
    done = Idempotency(BY_OPERATION, key, str(loaded.version), loaded.id)
    return replace(tools, idempotency=lambda _resource: done)


def cut_off(tools: Tools, operation: Operation) -> bool:
    """Whether some of the next clients are changed already, by a chunk that was never noted."""
    rows = range(operation.done + 1, min(operation.total, operation.done + CHUNK) + 1)
    return any(tools.store.done(BY_OPERATION, f"{operation.id}/{row}") for row in rows)


def _done_before(result: RowResult, done: Done) -> RowResult:
    return replace(result, before=int(done.request_hash), after=done.version)


def _change(tools: Tools, key: str, result: RowResult, wanted: Wanted, context: Context) -> RowResult:
    assert result.client_id is not None
    loaded = tools.load(CLIENT, result.client_id, context)
    events = events_of(loaded.state, wanted(loaded))
    if not events:
        return replace(result, outcome="unchanged")
    also: list[StreamEvents] = []
    for event in events:
        if isinstance(event, ClientAssigned):
            require_user(tools, MANAGER, event.manager_after)
            also += for_vip(tools, event.manager_after) if loaded.state.vip else []
    claim, release = keys_moved(tools, loaded, events)
    written = by_key(tools, key, loaded).append(context, loaded, events, also=also, claim=claim, release=release)
    return replace(result, before=loaded.version, after=written.version)


def events_of(client: clients.Client, wanted: Mapping[str, Any]) -> Sequence[Any]:
    if WITHDRAWN in wanted:
        return clients.withdraw_client(client) if wanted[WITHDRAWN] else clients.restore_client(client)
    fields = {name: value for name, value in wanted.items() if name != MANAGER}
    change = ChangeClient(client.id, fields, accept_unverified=True)
    events: list[Any] = list(clients.change_client(client, change))
    if MANAGER in wanted:
        events += clients.assign_client(client, AssignClient(client.id, wanted[MANAGER]))
    return events


def told(refusal: Refusal) -> RowProblem:
    problem = refusal.problem()
    return RowProblem("", problem.type, problem.ru, problem.en)

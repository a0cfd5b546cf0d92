"""Load, decide, append: one function per command."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.clients.adapters.spreadsheet import read_table
from services.clients.commands import (
    AssignClient,
    AssignTask,
    ChangeClient,
    CompleteTask,
    CreateClient,
    StartImport,
    StopImport,
)
from services.clients.domain import client as clients
from services.clients.domain import client_import as imports
from services.clients.domain import task as tasks
from services.clients.domain.identity import decisive, identity_keys
from services.clients.domain.import_columns import map_columns
from services.clients.domain.import_rows import ReadRow, read_row
from services.clients.events import RowProblem, RowResult
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.events import PersonKey
from services.kernel.store.aggregates import Aggregate
from services.kernel.store.claims import Idempotency, Key, KeyTaken

CLIENT: Aggregate[clients.Client] = Aggregate("client", clients.Client, clients.evolve)
TASK: Aggregate[tasks.Task] = Aggregate("task", tasks.Task, tasks.evolve)
IMPORT: Aggregate[imports.ClientImport] = Aggregate("import", imports.ClientImport, imports.evolve)


class UnknownClient(Refusal):
    status = 422
    ru = "Клиента {client_id} нет"
    en = "There is no client {client_id}"


class DuplicateClient(Refusal):
    ru = "Похожий клиент уже есть: {candidates}"
    en = "A similar client exists already: {candidates}"


def create_client(tools: Tools, command: CreateClient, context: Context) -> Written:
    [created] = events = clients.create_client(command)
    keys = _keys(tools, {name: getattr(created, name) for name in clients.CARD})
    if command.allow_duplicate:
        keys = [key for key in keys if tools.store.owner(key) is None]
    try:
        return tools.append(context, tools.begin(CLIENT, command.client_id), events, claim=keys)
    except KeyTaken as taken:
        raise _duplicate(tools, keys, taken) from taken


def change_client(tools: Tools, command: ChangeClient, context: Context) -> Written:
    loaded = tools.load(CLIENT, command.client_id, context)
    events = clients.change_client(loaded.state, command)
    state = loaded.state
    for event in events:
        state = clients.evolve(state, event)
    before = {key for key in _keys(tools, loaded.state.card) if tools.store.owner(key) == loaded.stream}
    after = set(_keys(tools, state.card))
    new = sorted(after - before)
    if command.allow_duplicate:
        new = [key for key in new if tools.store.owner(key) is None]
    try:
        return tools.append(context, loaded, events, claim=new, release=sorted(before - after))
    except KeyTaken as taken:
        raise _duplicate(tools, new, taken) from taken


def assign_client(tools: Tools, command: AssignClient, context: Context) -> Written:
    loaded = tools.load(CLIENT, command.client_id, context)
    return tools.append(context, loaded, clients.assign_client(loaded.state, command))


def _keys(tools: Tools, card: Mapping[str, Any]) -> list[Key]:
    """The client's identity as unique keys that tell nothing about the person."""
    found = identity_keys(
        inn=card["inn"] or "",
        kpp=card["kpp"] or "",
        name=card["name"] or "",
        phones=[phone.number for phone in card["phones"] or () if phone.number],
        emails=[email.address for email in card["emails"] or () if email.valid],
    )
    return sorted(Key(f"client-{scope}", tools.claim_key(scope, key)) for scope, key in decisive(found))


def _duplicate(tools: Tools, keys: list[Key], taken: KeyTaken) -> DuplicateClient:
    owners = {taken.stream} | {owner for key in keys if (owner := tools.store.owner(key))}
    return DuplicateClient(candidates=", ".join(sorted(owner.partition(":")[2] for owner in owners)))


def assign_task(tools: Tools, command: AssignTask, context: Context) -> Written:
    if command.client_id is not None:
        _existing(tools, command.client_id)
    return tools.append(context, tools.begin(TASK, command.task_id), tasks.assign_task(command))


def complete_task(tools: Tools, command: CompleteTask, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    return tools.append(context, loaded, tasks.complete_task(loaded.state, command))


def start_import(tools: Tools, command: StartImport, context: Context) -> Written:
    """Only what can be read at all is begun; the rows are taken in afterwards."""
    table = read_table(command.content)
    map_columns(table.headings, command.columns)
    kept = tools.blobs.put(command.content, "application/octet-stream", PersonKey(command.import_id, "relation"))
    events = imports.start_import(command, kept.hash, len(table.rows))
    return tools.append(context, tools.begin(IMPORT, command.import_id), events)


def stop_import(tools: Tools, command: StopImport, context: Context) -> Written:
    loaded = tools.load(IMPORT, command.import_id, context)
    return tools.append(context, loaded, imports.stop_import(loaded.state, command))


def import_rows(tools: Tools, running: imports.ClientImport, context: Context) -> list[RowResult]:
    """Takes in the next chunk of rows; a row taken in before, by a run that was cut off, is
    recognised by its idempotency key."""
    table = read_table(tools.blobs.get(running.file_hash))
    columns = map_columns(table.headings, running.columns)
    chunk = table.rows[running.done : running.done + imports.CHUNK]
    return [_import_row(tools, running.id, read_row(row, columns), context) for row in chunk]


def _import_row(tools: Tools, import_id: str, row: ReadRow, context: Context) -> RowResult:
    problems = tuple(RowProblem(p.column, p.code, p.ru, p.en) for p in row.problems)
    if row.draft is None:
        return RowResult(row.number, "refused", None, problems)
    key = f"{import_id}/{row.number}"
    done = tools.store.done("import", key)
    if done is not None:
        return RowResult(row.number, "created", done.resource, problems)
    command = CreateClient(row.draft.kind, row.draft.fields, accept_unverified=True)
    tools = replace(tools, idempotency=lambda resource: Idempotency("import", key, "", resource))
    try:
        written = create_client(tools, command, context)
    except DuplicateClient as duplicate:
        text = duplicate.problem()
        same = RowProblem("", text.type, text.ru, text.en)
        return RowResult(row.number, "duplicate", duplicate.params["candidates"].split(", ")[0], (*problems, same))
    return RowResult(row.number, "created", written.id, problems)


def _existing(tools: Tools, client_id: str) -> None:
    if tools.store.version(CLIENT.stream(client_id)) == 0:
        raise UnknownClient.on("client_id", client_id=client_id)

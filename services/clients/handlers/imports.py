"""The import of a table of clients: begun, and taken in row by row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from services.clients.commands.clients import ChangeClient, CreateClient
from services.clients.commands.operations import StartImport
from services.clients.domain import client as clients
from services.clients.domain.import_changes import changes_by
from services.clients.domain.import_lines import lines_of
from services.clients.domain.import_rows import ClientDraft, ReadRow, read_row, with_manager_noted
from services.clients.domain.operation import CHUNK, Operation
from services.clients.events.operations import ImportRead, ImportRefused, ImportStarted, RowProblem, RowResult
from services.clients.handlers.aggregates import OPERATION
from services.clients.handlers.clients import DuplicateClient, change_client, create_client, load_client
from services.clients.handlers.edits import BY_OPERATION, TRIES, told
from services.clients.handlers.foreseen import Foreseen, SimilarRow, foreseen_of, forget_foreseen
from services.clients.handlers.tables import Table, keep_table, keep_upload
from services.clients.queries.clients import find_by_code
from services.clients.queries.users import find_users_named
from services.kernel.bulk import carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Contended, Invalid, Refusal, StaleVersion
from services.kernel.rights import Rights
from services.kernel.store.claims import AlreadyDone, Done, Idempotency, StoreUnavailable, VersionConflict

READ_AT_ONCE = 2**20  # bytes; what is larger takes longer than a request may

Create = Callable[[CreateClient], Written | None]


class UnknownCode(Refusal):
    status = 422
    ru = "Клиента с кодом {code} нет"
    en = "There is no client of code {code}"


def start_import(tools: Tools, command: StartImport, context: Context) -> Written:
    """A small file is read at once, and only begun if it can be; the rows are taken in afterwards."""
    if context.idempotency_key is not None:  # so that a repetition keeps the same copy of the file
        known_by = f"import/{context.principal}/{context.idempotency_key}"
        command = replace(command, operation_id=str(uuid5(NAMESPACE_OID, known_by)))
    unread = len(command.content) > READ_AT_ONCE
    if unread:
        file_hash, total = keep_upload(tools, command.content, command.operation_id), 0
    else:
        file_hash, total = keep_table(tools, command.content, command.columns, command.operation_id)
    started = ImportStarted(
        command.operation_id,
        context.actor,
        total,
        command.file_name,
        file_hash,
        command.columns,
        users=None if context.rights.users is None else tuple(sorted(context.rights.users)),
        existing=command.existing,
        source=command.source,
        dry_run=command.dry_run,
        unread=unread,
    )
    return tools.append(context, tools.begin(OPERATION, command.operation_id), [started])


def read_upload(tools: Tools, running: Operation) -> ImportRead | ImportRefused:
    """The table of a file that was too large to be read at once."""
    try:
        file_hash, total = keep_table(tools, tools.blobs.get(running.upload_hash), running.columns, running.id)
    except StoreUnavailable:
        raise  # it is tried again
    except Invalid as invalid:
        return ImportRefused(running.id, tuple(RowProblem(e.field, e.code, e.ru, e.en) for e in invalid.errors))
    except Refusal as refusal:
        return ImportRefused(running.id, (told(refusal),))
    return ImportRead(running.id, total, file_hash)


def import_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Takes in the next chunk of rows, or only tries to."""
    table = Table(tools, running)
    context = replace(context, rights=Rights(None if running.users is None else frozenset(running.users)))
    foreseen = foreseen_of(running) if running.dry_run else None
    if foreseen is None:
        return _take_in(tools, running, table, context)
    if foreseen.done < running.done:  # by another process
        _foresee(tools, running, table, running.done, foreseen, context)
    results = _foresee(tools, running, table, running.done + CHUNK, foreseen, context)
    if foreseen.done >= running.total:
        forget_foreseen(running)
    return results


def _take_in(tools: Tools, running: Operation, table: Table, context: Context) -> list[RowResult]:
    read = [read_row(row, table.columns) for row in table.rows(running.done, running.done + CHUNK)]
    lines = lines_of(read)
    rows = [_Row(tools, running, place, row, None, context) for place, row in enumerate(read, running.done + 1)]
    return carry_out(list(zip(lines, rows, strict=True)), lambda one: str(one[0]), lambda one: one[1].take_in())


def _foresee(
    tools: Tools, running: Operation, table: Table, upto: int, foreseen: Foreseen, context: Context
) -> list[RowResult]:
    results = []
    for place, row in enumerate(table.rows(foreseen.done, upto), foreseen.done + 1):
        read = read_row(row, table.columns)
        results.append(_Row(tools, running, place, read, foreseen, context).take_in())
        foreseen.done = place
    return results


class _Row:
    """One row on its way into the base. One that was taken in before, by a run that was cut off, is
    recognised by its idempotency key."""

    def __init__(
        self,
        tools: Tools,
        running: Operation,
        place: int,
        row: ReadRow,
        foreseen: Foreseen | None,
        context: Context,
    ) -> None:
        self._tools, self._running, self._context, self._foreseen = tools, running, context, foreseen
        self._key = f"{running.id}/{place}"
        self._row = row
        self._problems = [RowProblem(p.column, p.code, p.ru, p.en) for p in row.problems]

    def take_in(self) -> RowResult:
        if self._row.draft is None:
            return self._result("refused")
        if self._foreseen is None and (done := self._tools.store.done(BY_OPERATION, self._key)):
            return self._done_before(done)
        try:
            return self._take_in(self._row.draft)
        except AlreadyDone as twin:  # by another run of the same chunk
            return self._done_before(twin.record)
        except (StoreUnavailable, Contended, VersionConflict):
            raise  # the chunk is tried again
        except Refusal as refusal:
            return self._result("refused", told(refusal))

    def _take_in(self, draft: ClientDraft) -> RowResult:
        if draft.code:
            return self._take_in_known(draft, DuplicateClient(candidates=self._of_code(draft.code)))
        try:
            return self._create(_drafted(self._tools, draft, self._running, self._context.rights))
        except DuplicateClient as duplicate:
            return self._take_in_known(draft, duplicate)
        except SimilarRow as similar:
            return self._result("duplicate" if self._running.existing == "skip" else "changed", told(similar))

    def _of_code(self, code: str) -> str:
        with self._tools.read() as connection:
            client_id = find_by_code(connection, code)
        if client_id is None:
            raise UnknownCode(code=code)
        return client_id

    def _create(self, command: CreateClient) -> RowResult:
        if self._foreseen is not None:
            self._foreseen.create(self._tools, command, self._row.number)
            return self._result("created")
        written = create_client(self._once(0), command, self._context)
        return self._result("created", client_id=written.id, after=written.version)

    def _take_in_known(self, draft: ClientDraft, duplicate: DuplicateClient) -> RowResult:
        """A client that is in the base already: left as it is, unless one is meant that may be changed."""
        similar = duplicate.params["candidates"].split(", ")
        if self._running.existing != "skip" and len(similar) == 1:
            for _ in range(TRIES):
                try:
                    if result := self._change(draft, similar[0]):
                        return result
                    break
                except (StaleVersion, VersionConflict):
                    continue  # somebody was faster; it is decided again on what he left
                except DuplicateClient as other:
                    return self._result("duplicate", told(other), client_id=similar[0])
            else:
                raise Contended
        # without the managers' names, which events do not keep open
        return self._result("duplicate", told(duplicate), client_id=similar[0])

    def _change(self, draft: ClientDraft, client_id: str) -> RowResult | None:
        """None where the client is not the importer's to see."""
        loaded = load_client(self._tools, client_id, self._context)
        if not self._context.rights.reach(loaded.state.manager_id):
            return None
        fields = draft.fields if draft.fields.source else replace(draft.fields, source=self._running.source)
        changes = changes_by(loaded.state.card, fields, self._running.existing)
        command = ChangeClient(client_id, changes, accept_unverified=True)
        self._warn_of_manager(draft, loaded.state)
        if not clients.change_client(loaded.state, command):
            return self._result("unchanged", client_id=client_id)
        if self._foreseen is not None:
            return self._result("changed", client_id=client_id)
        seen = replace(self._context, expected_version=loaded.version)
        written = change_client(self._once(loaded.version), command, seen)
        return self._result("changed", client_id=client_id, before=loaded.version, after=written.version)

    def _warn_of_manager(self, draft: ClientDraft, client: clients.Client) -> None:
        managers = _named(self._tools, draft.manager)
        if draft.manager and managers != [client.manager_id]:
            ru, en = "Ответственный не меняется при импорте", "An import changes no managers"
            self._problems.append(RowProblem("", "manager-stays", ru, en))

    def _once(self, before: int) -> Tools:
        return replace(
            self._tools, idempotency=lambda resource: Idempotency(BY_OPERATION, self._key, str(before), resource)
        )

    def _done_before(self, done: Done) -> RowResult:
        before = int(done.request_hash)
        outcome = "changed" if before else "created"
        return self._result(outcome, client_id=done.resource, before=before, after=done.version)

    def _result(
        self, outcome: str, *more: RowProblem, client_id: str | None = None, before: int = 0, after: int = 0
    ) -> RowResult:
        return RowResult(self._row.number, outcome, client_id, (*self._problems, *more), before, after)


def _drafted(tools: Tools, draft: ClientDraft, running: Operation, rights: Rights) -> CreateClient:
    """The manager by the name the table has for him; where that is nobody's, several people's, or
    somebody's whose clients the importer does not see, it stays in the note."""
    managers = _named(tools, draft.manager)
    if not draft.fields.source:
        draft = replace(draft, fields=replace(draft.fields, source=running.source))
    if len(managers) == 1 and rights.reach(managers[0]):
        return CreateClient(draft.kind, draft.fields, manager_id=managers[0], accept_unverified=True)
    fields = with_manager_noted(draft) if draft.manager else draft.fields
    return CreateClient(draft.kind, fields, accept_unverified=True)


def _named(tools: Tools, manager: str) -> Sequence[str]:
    if not manager:
        return []
    with tools.read() as connection:
        return find_users_named(connection, manager)

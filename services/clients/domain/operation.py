"""Long work on many clients, taken chunk by chunk: imports, edits, and their undoing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from services.clients.commands.operations import Existing
from services.clients.events.operations import (
    EditStarted,
    FailedRowsDestroyed,
    FailedRowsKept,
    HandOverReverted,
    HandOverStarted,
    ImportRead,
    ImportRefused,
    ImportStarted,
    OperationCompleted,
    OperationResumed,
    OperationReverted,
    OperationRowsProcessed,
    OperationStopped,
    OperationStopRequested,
    RevertStarted,
    RowResult,
)
from services.kernel.errors import Refusal

Kind = Literal["import", "edit", "hand_over", "revert"]
Started = ImportStarted | EditStarted | HandOverStarted | RevertStarted
Event = (
    Started
    | ImportRead
    | ImportRefused
    | OperationRowsProcessed
    | OperationCompleted
    | OperationStopRequested
    | OperationStopped
    | OperationResumed
    | OperationReverted
    | HandOverReverted
    | FailedRowsKept
    | FailedRowsDestroyed
)
CHUNK = 50
FAILED_ROWS_KEPT = timedelta(days=7)
KINDS: Mapping[type, Kind] = {
    ImportStarted: "import",
    EditStarted: "edit",
    HandOverStarted: "hand_over",
    RevertStarted: "revert",
}


STATES: Mapping[type, str] = {
    OperationStopRequested: "stopping",
    OperationStopped: "stopped",
    OperationResumed: "running",
    OperationCompleted: "completed",
    ImportRefused: "failed",
}


class CannotBeReverted(Refusal):
    ru = "Операция не отменяется: {why_ru}"
    en = "The operation cannot be undone: {why_en}"


class AlreadyReverted(Refusal):
    ru = "Операция уже отменена операцией {by}"
    en = "The operation is undone already by operation {by}"


@dataclass(frozen=True, slots=True)
class Operation:
    """`state` is running, stopping, stopped, completed or failed; `reverted_by` is what undoes it.
    `upload_hash` is the file of an import as it came, where it is kept; `unread` as long as only that is."""

    id: str
    kind: Kind
    started_by: str
    total: int
    done: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    state: str = "running"
    file_hash: str = ""
    upload_hash: str = ""
    unread: bool = False
    existing: Existing = "skip"
    source: str = ""
    dry_run: bool = False
    failed_rows: FailedRowsKept | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    users: tuple[str, ...] | None = None
    changes: Mapping[str, str | None] = field(default_factory=dict)
    user_id: str | None = None
    successor_id: str | None = None
    reverts: str | None = None
    reverted_by: str | None = None


def process_rows(running: Operation, results: Sequence[RowResult]) -> list[Event]:
    """What one chunk led to; with the last row the operation is completed."""
    done = running.done + len(results)
    processed = OperationRowsProcessed(running.id, done, tuple(results))
    if done < running.total:
        return [processed, *end_stopping(running)]
    return [processed, OperationCompleted(running.id, _counted(running.counts, results))]


def read_import(running: Operation, found: ImportRead | ImportRefused) -> list[Event]:
    """What its file turned out to be; a stop that was asked for meanwhile has nothing to stop where it was refused."""
    return [found, *(end_stopping(running) if isinstance(found, ImportRead) else ())]


def stop_operation(operation: Operation) -> list[Event]:
    """What is done stays; the rest waits to be resumed."""
    return [OperationStopRequested(operation.id)] if operation.state == "running" else []


def end_stopping(operation: Operation) -> list[Event]:
    return [OperationStopped(operation.id)] if operation.state == "stopping" else []


def give_up(operation: Operation) -> list[Event]:
    """Its next chunk failed for good."""
    return [OperationStopped(operation.id)] if operation.state in ("running", "stopping") else []


def resume_operation(operation: Operation) -> list[Event]:
    """What has been undone does not go on."""
    if operation.reverted_by is not None:
        raise AlreadyReverted(by=operation.reverted_by)
    return [OperationResumed(operation.id)] if operation.state in ("stopping", "stopped") else []


def revert_operation(operation: Operation, by: str) -> list[Event]:
    """Notes that the operation is undone, which happens to each once: what undid it can be
    undone in its turn."""
    if operation.dry_run:
        raise CannotBeReverted(why_ru="это был пробный прогон", why_en="it was a dry run")
    if operation.state == "failed":
        raise CannotBeReverted(why_ru="она ничего не изменила", why_en="it has changed nothing")
    if operation.state in ("running", "stopping"):
        raise CannotBeReverted(why_ru="она ещё выполняется", why_en="it is still running")
    if operation.reverted_by is not None:
        raise AlreadyReverted(by=operation.reverted_by)
    reverted = OperationReverted(operation.id, by)
    if operation.user_id is None or operation.successor_id is None:
        return [reverted]
    return [reverted, HandOverReverted(operation.id, by, operation.successor_id, operation.user_id)]


def keep_failed_rows(operation: Operation, rows: int, size: int, file_hash: str, now: datetime) -> list[FailedRowsKept]:
    return [FailedRowsKept(operation.id, rows, size, file_hash, now + FAILED_ROWS_KEPT)]


def destroy_failed_rows(operation: Operation) -> list[FailedRowsDestroyed]:
    kept = operation.failed_rows
    return [FailedRowsDestroyed(operation.id, kept.file_hash)] if kept else []


def forgo_failed_rows(operation: Operation, file_hash: str) -> list[FailedRowsDestroyed]:
    """No file of them is kept."""
    return [FailedRowsDestroyed(operation.id, file_hash)]


def evolve(operation: Operation | None, event: Event) -> Operation:
    if isinstance(event, ImportStarted | EditStarted | HandOverStarted | RevertStarted):
        return _started(event)
    assert operation is not None
    if isinstance(event, OperationRowsProcessed):
        return replace(operation, done=event.done, counts=_counted(operation.counts, event.results))
    if isinstance(event, OperationReverted | HandOverReverted):
        return replace(operation, reverted_by=event.reverted_by)
    if isinstance(event, ImportRead | FailedRowsKept | FailedRowsDestroyed):
        return _with_file(operation, event)
    return replace(operation, state=STATES[type(event)])


def _with_file(operation: Operation, event: ImportRead | FailedRowsKept | FailedRowsDestroyed) -> Operation:
    match event:
        case ImportRead():
            return replace(operation, unread=False, total=event.total, file_hash=event.file_hash)
        case FailedRowsKept():
            return replace(operation, failed_rows=event)
        case FailedRowsDestroyed():
            return replace(operation, failed_rows=None)


def _started(event: Started) -> Operation:
    unread = isinstance(event, ImportStarted) and event.unread
    state = "running" if event.total or unread else "completed"
    begun = Operation(event.operation_id, KINDS[type(event)], event.started_by, event.total, state=state)
    match event:
        case ImportStarted():
            return replace(
                begun,
                file_hash="" if unread else event.file_hash,
                upload_hash=event.file_hash if unread else "",
                unread=unread,
                columns=event.columns,
                users=event.users,
                existing=event.existing,
                source=event.source,
                dry_run=event.dry_run,
            )
        case EditStarted():
            return replace(begun, file_hash=event.clients_hash, changes=event.changes)
        case HandOverStarted():
            hands = replace(begun, user_id=event.user_id, successor_id=event.successor_id)
            return replace(hands, file_hash=event.pieces_hash)
        case RevertStarted():
            hands = replace(begun, user_id=event.user_id, successor_id=event.successor_id)
            return replace(hands, reverts=event.reverts, file_hash=event.rows_hash)


def _counted(counts: Mapping[str, int], results: Sequence[RowResult]) -> dict[str, int]:
    return dict(Counter(counts) + Counter(result.outcome for result in results))

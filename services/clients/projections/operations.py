"""Operations: events to rows."""

from collections import Counter
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.events.operations import (
    FailedRowsKept,
    HandOverStarted,
    ImportStarted,
    OperationRowsProcessed,
    RevertStarted,
)
from services.clients.projections.json import as_json
from services.kernel.clock import to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_import_started(rows: Rows, recorded: Recorded) -> None:
    event: ImportStarted = recorded.event
    unread = {"state": "running", "ended_at": None} if event.unread else {}
    known = {"file_name": event.file_name, "existing": event.existing, "dry_run": event.dry_run}
    _begin(rows, recorded, "import", **known, **unread)


def on_import_read(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, total=recorded.event.total)


def on_import_refused(rows: Rows, recorded: Recorded) -> None:
    problems = as_json(recorded.event.problems)
    _move(rows, recorded, state="failed", problems=problems, ended_at=recorded.recorded)


def on_edit_started(rows: Rows, recorded: Recorded) -> None:
    _begin(rows, recorded, "edit", changes=as_json(recorded.event.changes))


def on_hand_over_started(rows: Rows, recorded: Recorded) -> None:
    event: HandOverStarted = recorded.event
    _begin(rows, recorded, "hand_over", user_id=event.user_id, successor_id=event.successor_id)


def on_revert_started(rows: Rows, recorded: Recorded) -> None:
    event: RevertStarted = recorded.event
    _begin(rows, recorded, "revert", reverts=event.reverts, user_id=event.user_id, successor_id=event.successor_id)


def _begin(rows: Rows, recorded: Recorded, kind: str, **of_kind: Any) -> None:
    """One with nothing to do is over as it begins."""
    total = recorded.event.total
    row = {
        "id": recorded.subject,
        "version": recorded.version,
        "kind": kind,
        "state": "running" if total else "completed",
        "total": total,
        "done": 0,
        "counts": "{}",
        "started_by": recorded.event.started_by,
        "started_at": recorded.recorded,
        "ended_at": None if total else recorded.recorded,
        "file_name": "",
        "changes": "{}",
        "user_id": None,
        "successor_id": None,
        "reverts": None,
        "reverted_by": None,
        "existing": None,
        "dry_run": False,
        "problems": "[]",
        "failed_rows": 0,
        "failed_rows_until": None,
    }
    rows.put(t.operations, row | of_kind)


def on_operation_rows_processed(rows: Rows, recorded: Recorded) -> None:
    event: OperationRowsProcessed = recorded.event
    operation = rows.get(t.operations, event.operation_id)
    assert operation is not None
    counts = Counter(msgspec.json.decode(operation["counts"])) + Counter(r.outcome for r in event.results)
    _move(rows, recorded, done=event.done, counts=as_json(dict(counts)))
    for result in event.results:
        row = {"operation_id": event.operation_id, "place": f"{result.row:09}", "row": result.row}
        row |= {"outcome": result.outcome, "client_id": result.client_id, "problems": as_json(result.problems)}
        row |= {"what": result.what, "subject_id": result.subject_id or result.client_id}
        rows.put(t.operation_rows, {**row, "before": result.before, "after": result.after})


def on_operation_completed(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, state="completed", ended_at=recorded.recorded)


def on_operation_stop_requested(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, state="stopping")


def on_operation_stopped(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, state="stopped")


def on_operation_resumed(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, state="running")


def on_operation_reverted(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, reverted_by=recorded.event.reverted_by)


def on_hand_over_reverted(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded)


def on_failed_rows_kept(rows: Rows, recorded: Recorded) -> None:
    event: FailedRowsKept = recorded.event
    _move(rows, recorded, failed_rows=event.rows, failed_rows_until=to_micros(event.expires_at))


def on_failed_rows_destroyed(rows: Rows, recorded: Recorded) -> None:
    _move(rows, recorded, failed_rows=0, failed_rows_until=None)


def _move(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.operations, recorded.subject, version=recorded.version, **values)


OPERATIONS = Projection(
    name="operations",
    tables=(t.operations, t.operation_rows),
    on={
        "clients": {
            "ImportStarted": on_import_started,
            "ImportRead": on_import_read,
            "ImportRefused": on_import_refused,
            "EditStarted": on_edit_started,
            "HandOverStarted": on_hand_over_started,
            "RevertStarted": on_revert_started,
            "OperationRowsProcessed": on_operation_rows_processed,
            "OperationCompleted": on_operation_completed,
            "OperationStopRequested": on_operation_stop_requested,
            "OperationStopped": on_operation_stopped,
            "OperationResumed": on_operation_resumed,
            "OperationReverted": on_operation_reverted,
            "HandOverReverted": on_hand_over_reverted,
            "FailedRowsKept": on_failed_rows_kept,
            "FailedRowsDestroyed": on_failed_rows_destroyed,
        }
    },
)

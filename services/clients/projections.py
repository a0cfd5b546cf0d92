"""Events to rows."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.domain.client import CARD
from services.clients.domain.identity import user_name_key
from services.clients.domain.search import searched
from services.clients.events import (
    ClientAssigned,
    ClientChanged,
    ClientCreated,
    OperationRowsProcessed,
    TaskAssigned,
    TaskCompleted,
)
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.projections import Projection, Rows

SEARCHED = ("name", "full_name", "inn", "contact_person", "address", "note")


def on_client_created(rows: Rows, recorded: Recorded) -> None:
    event: ClientCreated = recorded.event
    card = _columns({name: getattr(event, name) for name in CARD})
    rows.put(
        t.clients,
        {
            "id": event.client_id,
            "version": recorded.version,
            "code": f"{recorded.position:09}",
            "kind": event.kind,
            **card,
            "searched": _searched(card),
            "verified": event.verified,
            "manager_id": event.manager_id,
            "created_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )


def on_client_changed(rows: Rows, recorded: Recorded) -> None:
    event: ClientChanged = recorded.event
    changed = _columns({**event.after, **(event.personal_after or {})})
    card = {**(rows.get(t.clients, recorded.subject) or {}), **changed}
    _change(rows, recorded, **changed, searched=_searched(card))


def on_client_assigned(rows: Rows, recorded: Recorded) -> None:
    event: ClientAssigned = recorded.event
    _change(rows, recorded, manager_id=event.manager_after)


def on_task_assigned(rows: Rows, recorded: Recorded) -> None:
    event: TaskAssigned = recorded.event
    rows.put(
        t.tasks,
        {
            "id": event.task_id,
            "version": recorded.version,
            "client_id": event.client_id,
            "document_id": event.document_id,
            "assignee_id": event.assignee_id,
            "author_id": recorded.actor,
            "title": event.title,
            "due_date": event.due_date.isoformat(),
            "completed": False,
            "result": None,
        },
    )


def on_task_completed(rows: Rows, recorded: Recorded) -> None:
    event: TaskCompleted = recorded.event
    rows.change(t.tasks, recorded.subject, version=recorded.version, completed=True, result=event.result)


def on_import_started(rows: Rows, recorded: Recorded) -> None:
    _begin(rows, recorded, "import", file_name=recorded.event.file_name)


def on_edit_started(rows: Rows, recorded: Recorded) -> None:
    _begin(rows, recorded, "edit", changes=_json(recorded.event.changes))


def on_revert_started(rows: Rows, recorded: Recorded) -> None:
    _begin(rows, recorded, "revert", reverts=recorded.event.reverts)


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
        "reverts": None,
        "reverted_by": None,
    }
    rows.put(t.operations, row | of_kind)


def on_operation_rows_processed(rows: Rows, recorded: Recorded) -> None:
    event: OperationRowsProcessed = recorded.event
    operation = rows.get(t.operations, event.operation_id)
    assert operation is not None
    counts = Counter(msgspec.json.decode(operation["counts"])) + Counter(r.outcome for r in event.results)
    _move(rows, recorded, done=event.done, counts=_json(dict(counts)))
    for result in event.results:
        row = {"operation_id": event.operation_id, "place": f"{result.row:09}", "row": result.row}
        row |= {"outcome": result.outcome, "client_id": result.client_id, "problems": _text(result.problems)}
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


def _move(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.operations, recorded.subject, version=recorded.version, **values)


def on_user_created(rows: Rows, message: Message) -> None:
    name = message.data.get("name")
    row = {"id": message.subject, "name": name, "name_key": user_name_key(name or "")}
    rows.put(t.users, {**row, "active": True})


def on_user_deactivated(rows: Rows, message: Message) -> None:
    rows.change(t.users, message.subject, active=False)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.clients, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


def _columns(card: dict[str, Any]) -> dict[str, Any]:
    """A card's fields as columns: lists as JSON text."""
    return {name: _text(value) if name in ("phones", "emails") else value for name, value in card.items()}


def _searched(card: Mapping[str, Any]) -> str:
    """Without phones and e-mails, which not everybody may search in."""
    return searched(card[name] or "" for name in SEARCHED)


def _text(points: Any) -> str:
    return _json(points or ())


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


CLIENTS = Projection(
    name="clients",
    tables=(t.clients,),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
        }
    },
)

USERS = Projection(
    name="users",
    tables=(t.users,),
    on={"gateway": {"UserCreated": on_user_created, "UserDeactivated": on_user_deactivated}},
)

TASKS = Projection(
    name="tasks",
    tables=(t.tasks,),
    on={"clients": {"TaskAssigned": on_task_assigned, "TaskCompleted": on_task_completed}},
)

OPERATIONS = Projection(
    name="operations",
    tables=(t.operations, t.operation_rows),
    on={
        "clients": {
            "ImportStarted": on_import_started,
            "EditStarted": on_edit_started,
            "RevertStarted": on_revert_started,
            "OperationRowsProcessed": on_operation_rows_processed,
            "OperationCompleted": on_operation_completed,
            "OperationStopRequested": on_operation_stop_requested,
            "OperationStopped": on_operation_stopped,
            "OperationResumed": on_operation_resumed,
            "OperationReverted": on_operation_reverted,
        }
    },
)

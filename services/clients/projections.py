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
    ImportRowsProcessed,
    ImportStarted,
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
    event: ImportStarted = recorded.event
    rows.put(
        t.imports,
        {
            "id": event.import_id,
            "version": recorded.version,
            "file_name": event.file_name,
            "state": "running",
            "total": event.total,
            "done": 0,
            "counts": "{}",
            "started_by": recorded.actor,
        },
    )


def on_import_rows_processed(rows: Rows, recorded: Recorded) -> None:
    event: ImportRowsProcessed = recorded.event
    operation = rows.get(t.imports, event.import_id)
    assert operation is not None
    counts = Counter(msgspec.json.decode(operation["counts"])) + Counter(r.outcome for r in event.results)
    values = {"version": recorded.version, "done": event.done, "counts": _text(dict(counts))}
    rows.change(t.imports, event.import_id, **values)
    for result in event.results:
        row = {"import_id": event.import_id, "place": f"{result.row:09}", "row": result.row, "outcome": result.outcome}
        rows.put(t.import_rows, {**row, "client_id": result.client_id, "problems": _text(result.problems)})


def on_import_completed(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.imports, recorded.subject, version=recorded.version, state="completed")


def on_import_stopped(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.imports, recorded.subject, version=recorded.version, state="stopped")


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
    return msgspec.json.encode(points or ()).decode()


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

IMPORTS = Projection(
    name="imports",
    tables=(t.imports, t.import_rows),
    on={
        "clients": {
            "ImportStarted": on_import_started,
            "ImportRowsProcessed": on_import_rows_processed,
            "ImportCompleted": on_import_completed,
            "ImportStopped": on_import_stopped,
        }
    },
)

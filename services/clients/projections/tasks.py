"""Tasks: events to rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.clients import tables as t
from services.clients.events.erasures import PersonalDataErased
from services.clients.events.tasks import TaskAssigned, TaskChanged
from services.clients.projections.json import as_json
from services.kernel.clock import from_iso, to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_task_assigned(rows: Rows, recorded: Recorded) -> None:
    event: TaskAssigned = recorded.event
    rows.put(
        t.tasks,
        {
            "id": event.task_id,
            "version": recorded.version,
            "client_id": event.client_id,
            "document_id": event.document_id,
            "interaction_id": event.interaction_id,
            "lead_id": event.lead_id,
            "assignee_id": event.assignee_id,
            "author_id": event.author_id or recorded.actor,
            "title": event.title,
            "project": event.project,
            "due_date": event.due_date.isoformat(),
            "due_at": _micros(event.due_at),
            "deadline": _micros(event.deadline),
            "remind_minutes": as_json(event.remind_minutes),
            "repeat": as_json(event.repeat) if event.repeat else None,
            "repeats": event.repeats,
            "state": "open",
            "completed": False,
            "completed_at": None,
            "overdue": False,
            "result": None,
            "reason": None,
        },
    )
    _put_reminders(rows, event.task_id, event.reminders)


def on_task_changed(rows: Rows, recorded: Recorded) -> None:
    event: TaskChanged = recorded.event
    after = {**event.after, **(event.personal_after or {})}
    if "reminders" in after:
        for remind_at in event.before["reminders"]:
            rows.delete(t.task_reminders, (event.task_id, remind_at))
        _put_reminders(rows, event.task_id, after["reminders"])
    values = {name: _column(name, value) for name, value in after.items() if name != "reminders"}
    rows.change(t.tasks, recorded.subject, version=recorded.version, **values)


def on_task_completed(rows: Rows, recorded: Recorded) -> None:
    values = {"state": "completed", "completed": True, "completed_at": recorded.recorded}
    rows.change(t.tasks, recorded.subject, version=recorded.version, **values, result=recorded.event.result)
    _drop_reminders(rows, recorded.subject)


def on_task_cancelled(rows: Rows, recorded: Recorded) -> None:
    reason = recorded.event.reason
    rows.change(t.tasks, recorded.subject, version=recorded.version, state="cancelled", reason=reason)
    _drop_reminders(rows, recorded.subject)


def on_task_fell_overdue(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.tasks, recorded.subject, version=recorded.version, overdue=True)


def on_task_reminder_due(rows: Rows, recorded: Recorded) -> None:
    rows.delete(t.task_reminders, (recorded.subject, recorded.event.remind_at))
    rows.change(t.tasks, recorded.subject, version=recorded.version)


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    event: PersonalDataErased = recorded.event
    if event.what == "client":
        for row in rows.find(t.tasks, "client_id", event.person):
            rows.change(t.tasks, row["id"], title=None, project=None, result=None, reason=None)


def _drop_reminders(rows: Rows, task_id: str) -> None:
    for row in rows.find(t.task_reminders, "task_id", task_id):
        rows.delete(t.task_reminders, (task_id, row["remind_at"]))


def _put_reminders(rows: Rows, task_id: str, reminders: Sequence[str]) -> None:
    for remind_at in reminders:
        row = {"task_id": task_id, "remind_at": remind_at, "due": to_micros(from_iso(remind_at))}
        rows.put(t.task_reminders, row)


def _column(name: str, value: Any) -> Any:
    if name in ("due_at", "deadline"):
        return _micros(value)
    if name == "remind_minutes" or (name == "repeat" and value):
        return as_json(value)
    return value


def _micros(moment: str | None) -> int | None:
    return to_micros(from_iso(moment)) if moment else None


_ON: Mapping[str, Any] = {
    "TaskAssigned": on_task_assigned,
    "TaskChanged": on_task_changed,
    "TaskCompleted": on_task_completed,
    "TaskCancelled": on_task_cancelled,
    "TaskFellOverdue": on_task_fell_overdue,
    "TaskReminderDue": on_task_reminder_due,
    "PersonalDataErased": on_personal_data_erased,
}
TASKS = Projection(name="tasks", tables=(t.tasks, t.task_reminders), on={"clients": _ON})

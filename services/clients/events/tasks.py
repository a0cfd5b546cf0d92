"""What happens to tasks. Times are texts in UTC, as the clock writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.clients.commands.tasks import Repeat
from services.kernel.events import PersonalFields, PersonKey, event

PERSONAL = ("title", "project", "result", "reason", "personal_before", "personal_after")


def _of_task(happened: Any) -> PersonalFields:
    """Free text is personal to its client; without one it tells of nobody."""
    if happened.client_id is None:
        return {}
    return {PersonKey(happened.client_id, "relation"): PERSONAL}


def _without_times(fields: dict[str, Any]) -> dict[str, Any]:
    """The first version knew of days only: such a task is overdue when its day is over in Moscow."""
    return {**fields, "deadline": f"{fields['due_date']}T21:00:00.000000Z"}


@event("TaskAssigned", version=2, personal=_of_task, upcasters=(_without_times,))
@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """`deadline` is when it is overdue, `reminders` are when the assignee is reminded; `repeats` is
    the task that this one follows, `author_id` whose idea it was, where that is not who acted."""

    task_id: str
    client_id: str | None
    document_id: str | None
    assignee_id: str | None
    due_date: date
    title: str | None = None
    interaction_id: str | None = None
    due_at: str | None = None
    deadline: str | None = None
    project: str | None = None
    reminders: tuple[str, ...] = ()
    remind_minutes: tuple[int, ...] = ()
    repeat: Repeat | None = None
    repeats: str | None = None
    lead_id: str | None = None
    author_id: str | None = None


@event("TaskChanged", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskChanged:
    task_id: str
    client_id: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    personal_before: Mapping[str, Any] | None = None
    personal_after: Mapping[str, Any] | None = None


@event("TaskCompleted", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskCompleted:
    task_id: str
    client_id: str | None
    result: str | None = None


@event("TaskCancelled", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskCancelled:
    task_id: str
    client_id: str | None
    reason: str | None = None


@event("TaskFellOverdue")
@dataclass(frozen=True, slots=True)
class TaskFellOverdue:
    task_id: str
    client_id: str | None
    assignee_id: str | None
    deadline: str


@event("TaskReminderDue", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskReminderDue:
    """The assignee is to be reminded, now."""

    task_id: str
    client_id: str | None
    assignee_id: str
    due_date: date
    due_at: str | None
    remind_at: str
    title: str | None = None

"""What can be asked about tasks."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from services.kernel.ids import new_id

Every = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Done, a task comes again so much later, up to a day where one is named. `day` is the day of the
    month that it is due on, where a month was too short for it. `on_working_days` moves what falls
    on a day off to the next working day; `moved_from` is the day it was meant for then."""

    every: Every
    until: date | None = None
    day: int | None = None
    on_working_days: bool = False
    moved_from: date | None = None


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Somebody is to do something, by a day or a time of that day. `due_date` is a date in the
    company's zone, `due_at` a time in UTC as the clock writes it; `remind_minutes` are how long
    before that time, or before nine o'clock of that day, the assignee is reminded."""

    title: str
    due_date: date
    due_at: str | None = None
    assignee_id: str | None = None
    client_id: str | None = None
    document_id: str | None = None
    interaction_id: str | None = None
    lead_id: str | None = None
    project: str = ""
    remind_minutes: tuple[int, ...] = ()
    repeat: Repeat | None = None
    task_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeTask:
    """Changes the named fields only."""

    task_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """`next_id` is that of the task that follows, where it repeats."""

    task_id: str
    result: str = ""
    next_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CancelTask:
    task_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarkTaskOverdue:
    task_id: str
    deadline: str


@dataclass(frozen=True, slots=True)
class RemindOfTask:
    task_id: str
    remind_at: str

"""A task: what somebody is to do, by when, and what became of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from services.clients.commands.tasks import AssignTask, CancelTask, ChangeTask, CompleteTask, Repeat
from services.clients.domain.repeat import check_repeat, following_day
from services.clients.events.tasks import (
    TaskAssigned,
    TaskCancelled,
    TaskChanged,
    TaskCompleted,
    TaskFellOverdue,
    TaskReminderDue,
)
from services.kernel.errors import Refusal

Event = TaskAssigned | TaskChanged | TaskCompleted | TaskCancelled | TaskFellOverdue | TaskReminderDue
State = Literal["open", "completed", "cancelled"]
PERSONAL = ("title", "project")


class TaskAlreadyCompleted(Refusal):
    ru = "Задача уже выполнена"
    en = "The task is completed already"


class TaskCancelledAlready(Refusal):
    ru = "Задача отменена"
    en = "The task is cancelled"


@dataclass(frozen=True, slots=True)
class Times:
    """When a task is overdue, and when its assignee is reminded; texts in UTC."""

    deadline: str
    reminders: tuple[str, ...]


# what a due date, a due time and minutes ahead come to, in the company's zone
Timed = Callable[[date, str | None, tuple[int, ...]], Times]
# the time of a day at which clocks there show what they show at another time
SameTime = Callable[[date, str], str]


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    client_id: str | None
    title: str | None
    due_date: date
    due_at: str | None = None
    deadline: str | None = None
    assignee_id: str | None = None
    document_id: str | None = None
    interaction_id: str | None = None
    project: str | None = None
    reminders: tuple[str, ...] = ()
    remind_minutes: tuple[int, ...] = ()
    repeat: Repeat | None = None
    lead_id: str | None = None
    overdue: bool = False
    reminded: tuple[str, ...] = ()
    author_id: str | None = None
    state: State = "open"

    @property
    def completed(self) -> bool:
        return self.state == "completed"


def assign_task(command: AssignTask, timed: Timed) -> list[TaskAssigned]:
    check_repeat(command.repeat, command.due_date)
    return [_assigned(command, timed, repeats=None)]


def change_task(task: Task, command: ChangeTask, timed: Timed) -> list[TaskChanged]:
    """Whoever is to do something else, or by another time, is reminded anew."""
    _require_open(task)
    held = asdict(task)
    wanted = dict(command.changes)
    if "due_date" in wanted and "due_at" not in wanted:
        wanted["due_at"] = None
    after = {name: value for name, value in wanted.items() if held[name] != value}
    if not after:
        return []
    whole = {**held, **after}
    if "repeat" in after:
        check_repeat(Repeat(**after["repeat"]) if after["repeat"] else None, whole["due_date"])
    if after.keys() & {"due_date", "due_at", "remind_minutes"}:
        times = timed(whole["due_date"], whole["due_at"], tuple(whole["remind_minutes"]))
        to_come = tuple(moment for moment in times.reminders if moment not in task.reminded)
        after |= {"deadline": times.deadline, "reminders": to_come, "overdue": False}
    before = {name: held[name] for name in after}
    return [
        TaskChanged(
            task.id,
            task.client_id,
            {name: value for name, value in before.items() if name not in PERSONAL},
            {name: value for name, value in after.items() if name not in PERSONAL},
            {name: value for name, value in before.items() if name in PERSONAL} or None,
            {name: value for name, value in after.items() if name in PERSONAL} or None,
        )
    ]


def complete_task(task: Task, command: CompleteTask) -> list[TaskCompleted]:
    _require_open(task)
    return [TaskCompleted(task.id, task.client_id, command.result or None)]


def repeat_task(task: Task, next_id: str, timed: Timed, same_time: SameTime) -> list[TaskAssigned]:
    """The task that follows one that is done; none where it does not repeat, or no more, or where
    its client is forgotten. It is due at the same time of the day, and whose idea it was stays so."""
    if task.repeat is None or task.title is None:
        return []
    later = following_day(task.due_date, task.repeat)
    if later is None:
        return []
    due_date, repeat = later
    following = AssignTask(
        title=task.title,
        due_date=due_date,
        due_at=task.due_at and same_time(due_date, task.due_at),
        assignee_id=task.assignee_id,
        client_id=task.client_id,
        document_id=task.document_id,
        interaction_id=task.interaction_id,
        lead_id=task.lead_id,
        project=task.project or "",
        remind_minutes=task.remind_minutes,
        repeat=repeat,
        task_id=next_id,
    )
    return [replace(_assigned(following, timed, repeats=task.id), author_id=task.author_id)]


def cancel_task(task: Task, command: CancelTask) -> list[TaskCancelled]:
    _require_open(task)
    return [TaskCancelled(task.id, task.client_id, command.reason or None)]


def mark_task_overdue(task: Task, deadline: str) -> list[TaskFellOverdue]:
    """Nothing where the task is over, or due at another time by now."""
    if task.state != "open" or task.overdue or task.deadline != deadline:
        return []
    return [TaskFellOverdue(task.id, task.client_id, task.assignee_id, deadline)]


def remind_of_task(task: Task, remind_at: str) -> list[TaskReminderDue]:
    if task.state != "open" or task.assignee_id is None or remind_at not in task.reminders:
        return []
    if remind_at in task.reminded:
        return []
    return [
        TaskReminderDue(
            task.id, task.client_id, task.assignee_id, task.due_date, task.due_at, remind_at, title=task.title
        )
    ]


def evolve(task: Task | None, event: Event) -> Task:
    if isinstance(event, TaskAssigned):
        return Task(
            event.task_id,
            event.client_id,
            event.title,
            event.due_date,
            event.due_at,
            event.deadline,
            event.assignee_id,
            event.document_id,
            event.interaction_id,
            event.project,
            event.reminders,
            event.remind_minutes,
            event.repeat,
            event.lead_id,
            author_id=event.author_id,
        )
    assert task is not None
    match event:
        case TaskChanged():
            return _changed(task, {**event.after, **(event.personal_after or {})})
        case TaskCompleted():
            return replace(task, state="completed")
        case TaskCancelled():
            return replace(task, state="cancelled")
        case TaskFellOverdue():
            return replace(task, overdue=True)
        case TaskReminderDue():
            return replace(task, reminded=(*task.reminded, event.remind_at))


def _changed(task: Task, after: dict[str, Any]) -> Task:
    if isinstance(after.get("due_date"), str):
        after["due_date"] = date.fromisoformat(after["due_date"])
    if after.get("repeat"):
        until = after["repeat"]["until"]
        day = after["repeat"].get("day")
        working = after["repeat"].get("on_working_days", False)
        after["repeat"] = Repeat(after["repeat"]["every"], until and date.fromisoformat(str(until)), day, working)
    for name in after.keys() & {"reminders", "remind_minutes"}:
        after[name] = tuple(after[name])
    return replace(task, **after)


def _assigned(command: AssignTask, timed: Timed, repeats: str | None) -> TaskAssigned:
    times = timed(command.due_date, command.due_at, command.remind_minutes)
    return TaskAssigned(
        command.task_id,
        command.client_id,
        command.document_id,
        command.assignee_id,
        command.due_date,
        command.title,
        command.interaction_id,
        command.due_at,
        times.deadline,
        command.project or None,
        times.reminders,
        command.remind_minutes,
        command.repeat,
        repeats,
        command.lead_id,
    )


def _require_open(task: Task) -> None:
    if task.state == "completed":
        raise TaskAlreadyCompleted
    if task.state == "cancelled":
        raise TaskCancelledAlready

"""Tasks: rows to views, and which of them fall overdue or are to be reminded of."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.queries.aliases import ALIASES
from services.clients.schemas.tasks import STATES
from services.kernel.clock import from_micros, to_iso, to_micros
from services.kernel.lists import Field, Kind, Resource
from services.kernel.reactions import DueCommand

AT_ONCE = 500

TASKS = Resource(
    "task",
    "task_id",
    t.tasks,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID, aliases=ALIASES),
        Field("document_id", Kind.ID),
        Field("interaction_id", Kind.ID),
        Field("lead_id", Kind.ID),
        Field("assignee_id", Kind.ID),
        Field("author_id", Kind.ID),
        Field("title", Kind.TEXT),
        Field("project", Kind.TEXT),
        Field("due_date", Kind.DATE),
        Field("due_at", Kind.TIME),
        Field("remind_minutes", Kind.JSON),
        Field("repeat", Kind.JSON),
        Field("repeats", Kind.ID),
        Field("state", Kind.WORD, words=STATES),
        Field("completed", Kind.FLAG),
        Field("completed_at", Kind.TIME),
        Field("overdue", Kind.FLAG),
        Field("result", Kind.TEXT),
        Field("reason", Kind.TEXT),
    ),
    owners=(t.tasks.c.assignee_id, t.tasks.c.author_id),
)


def due_tasks(connection: sa.Connection, now: datetime) -> Sequence[DueCommand]:
    return [*_overdue(connection, now), *_reminders(connection, now)]


def _overdue(connection: sa.Connection, now: datetime) -> list[DueCommand]:
    c = t.tasks.c
    late = (c.state == "open", sa.not_(c.overdue), c.deadline <= to_micros(now))
    query = sa.select(c.id, c.version, c.deadline).where(*late).order_by(c.deadline).limit(AT_ONCE)
    return [_late(id_, version, to_iso(from_micros(at))) for id_, version, at in connection.execute(query)]


def _late(task_id: str, version: int, deadline: str) -> DueCommand:
    arguments = {"task_id": task_id, "deadline": deadline}
    return DueCommand("mark_task_overdue", arguments, f"overdue/{task_id}/{version}")


def _reminders(connection: sa.Connection, now: datetime) -> list[DueCommand]:
    c = t.task_reminders.c
    query = sa.select(c.task_id, c.remind_at, t.tasks.c.version).join(t.tasks, t.tasks.c.id == c.task_id)
    query = query.where(t.tasks.c.state == "open", t.tasks.c.assignee_id.is_not(None), c.due <= to_micros(now))
    rows = connection.execute(query.order_by(c.due).limit(AT_ONCE)).all()
    return [_reminder(id_, at, version) for id_, at, version in rows]


def _reminder(task_id: str, remind_at: str, version: int) -> DueCommand:
    return DueCommand(
        "remind_of_task", {"task_id": task_id, "remind_at": remind_at}, f"reminder/{task_id}/{remind_at}/{version}"
    )

"""Tasks: commands in, views out, and the contract of public events."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.tasks import (
    AssignTask,
    CancelTask,
    ChangeTask,
    CompleteTask,
    MarkTaskOverdue,
    RemindOfTask,
    Repeat,
)
from services.kernel.clock import to_iso
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Day, EventSchema, Flag, Id, Moment, Text, WholeNumber
from services.kernel.validation import NothingToChange, Wrong

EVERY = ("day", "week", "month", "quarter", "year")
STATES = ("open", "completed", "cancelled")
MOST_REMINDERS, LONGEST_AHEAD = 5, 60 * 24 * 60


class RepeatSchema(ma.Schema):
    every = ma.fields.String(required=True, validate=validate.OneOf(EVERY))
    until = Day(allow_none=True, load_default=None)
    on_working_days = Flag(
        load_default=False, metadata={"description": "What falls on a day off is due on the next working day"}
    )


class TaskFieldsSchema(ma.Schema):
    title = Text(300, min_length=1)
    due_date = Day(metadata={"description": "In the company's zone; follows from due_at where that is given"})
    due_at = Moment(allow_none=True)
    assignee_id = Id(allow_none=True)
    project = Text(200)
    remind_minutes = ma.fields.List(
        WholeNumber(validate=validate.Range(0, LONGEST_AHEAD)),
        validate=validate.Length(max=MOST_REMINDERS),
        metadata={"description": "Before due_at, or before nine in the morning of due_date"},
    )
    repeat = ma.fields.Nested(RepeatSchema, allow_none=True)


class AssignTaskSchema(CommandSchema, TaskFieldsSchema):
    command = AssignTask

    title = Text(300, required=True, min_length=1)
    client_id = Id(allow_none=True)
    document_id = Id(allow_none=True)
    interaction_id = Id(allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AssignTask:
        if data.get("due_at"):
            data["due_date"] = data["due_at"].date()
        if data.get("due_date") is None:
            raise ma.ValidationError({"due_date": ["Missing data for required field."]})
        repeat = data.pop("repeat", None)
        reminders = tuple(data.pop("remind_minutes", ()))
        return AssignTask(**_plain(data), remind_minutes=reminders, repeat=Repeat(**repeat) if repeat else None)


class ChangeTaskSchema(CommandSchema, TaskFieldsSchema):
    command = ChangeTask

    task_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeTask:
        task_id = data.pop("task_id")
        if not data:
            raise NothingToChange
        if data.get("due_at") and "due_date" in data:
            wrong = Wrong("given-twice", "Следует из due_at", "Follows from due_at")
            raise ma.ValidationError({"due_date": wrong.messages})
        if "remind_minutes" in data:
            data["remind_minutes"] = tuple(data["remind_minutes"])
        return ChangeTask(task_id, _plain(data))


class CompleteTaskSchema(CommandSchema):
    command = CompleteTask

    task_id = Id(required=True)
    result = Text(1000, lines=True)


class CancelTaskSchema(CommandSchema):
    command = CancelTask

    task_id = Id(required=True)
    reason = Text(1000, lines=True)


class MarkTaskOverdueSchema(CommandSchema):
    command = MarkTaskOverdue

    task_id = Id(required=True)
    deadline = Text(40, required=True, min_length=1)


class RemindOfTaskSchema(CommandSchema):
    command = RemindOfTask

    task_id = Id(required=True)
    remind_at = Text(40, required=True, min_length=1)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Times as events hold them."""
    return {name: to_iso(value) if isinstance(value, datetime) else value for name, value in fields.items()}


class RepeatView(ma.Schema):
    every = ma.fields.String(required=True)
    until = ma.fields.Date(required=True, allow_none=True)
    day = ma.fields.Integer(
        allow_none=True, metadata={"description": "The day of the month it is meant for, where a month was too short"}
    )
    on_working_days = ma.fields.Boolean()
    moved_from = ma.fields.Date(
        allow_none=True, metadata={"description": "The day off it was meant for; the next one counts from there"}
    )


class TaskView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    document_id = ma.fields.String(required=True, allow_none=True)
    interaction_id = ma.fields.String(required=True, allow_none=True)
    lead_id = ma.fields.String(required=True, allow_none=True)
    assignee_id = ma.fields.String(required=True, allow_none=True)
    author_id = ma.fields.String(required=True, metadata={"description": "Who made it: a user, or a service"})
    title = ma.fields.String(required=True, allow_none=True)
    project = ma.fields.String(required=True, allow_none=True)
    due_date = ma.fields.Date(required=True)
    due_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    remind_minutes = ma.fields.List(ma.fields.Integer(), required=True)
    repeat = ma.fields.Nested(RepeatView, required=True, allow_none=True)
    repeats = ma.fields.String(required=True, allow_none=True, metadata={"description": "The task before this one"})
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    completed = ma.fields.Boolean(required=True)
    completed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True, metadata={"description": "Not done in time"})
    result = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True, metadata={"description": "Why it was cancelled"})


class GetTaskSchema(ma.Schema):
    task_id = Id(required=True)


class ListTasksSchema(ResourceListSchema):
    client_id = Id()
    assignee_id = Id()
    completed = ma.fields.Boolean()
    overdue = ma.fields.Boolean()
    state = ma.fields.String(validate=validate.OneOf(STATES))


class TaskEventSchema(EventSchema):
    task_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)


class TaskAssignedSchema(TaskEventSchema):
    document_id = ma.fields.String(required=True, allow_none=True)
    assignee_id = ma.fields.String(required=True, allow_none=True)
    due_date = ma.fields.Date(required=True)
    title = ma.fields.String(allow_none=True)
    interaction_id = ma.fields.String(allow_none=True)
    due_at = ma.fields.AwareDateTime(allow_none=True)
    deadline = ma.fields.AwareDateTime(allow_none=True)
    project = ma.fields.String(allow_none=True)
    reminders = ma.fields.List(ma.fields.AwareDateTime(), required=True)
    remind_minutes = ma.fields.List(ma.fields.Integer(), required=True)
    repeat = ma.fields.Nested(RepeatView, allow_none=True)
    repeats = ma.fields.String(allow_none=True)
    lead_id = ma.fields.String(allow_none=True)
    author_id = ma.fields.String(allow_none=True)


class TaskChangedSchema(TaskEventSchema):
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
    personal_before = ma.fields.Dict(allow_none=True)
    personal_after = ma.fields.Dict(allow_none=True)


class TaskCompletedSchema(TaskEventSchema):
    result = ma.fields.String(allow_none=True)


class TaskCancelledSchema(TaskEventSchema):
    reason = ma.fields.String(allow_none=True)


class TaskFellOverdueSchema(TaskEventSchema):
    assignee_id = ma.fields.String(required=True, allow_none=True)
    deadline = ma.fields.AwareDateTime(required=True)


class TaskReminderDueSchema(TaskEventSchema):
    assignee_id = ma.fields.String(required=True)
    due_date = ma.fields.Date(required=True)
    due_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    remind_at = ma.fields.AwareDateTime(required=True)
    title = ma.fields.String(allow_none=True)

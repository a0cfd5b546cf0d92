"""Tasks: commands in, views out, and the contract of public events."""

import marshmallow as ma

from services.clients.commands.tasks import AssignTask, CompleteTask
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Day, EventSchema, Id, Text


class AssignTaskSchema(CommandSchema):
    command = AssignTask

    title = Text(300, required=True, min_length=1)
    due_date = Day(required=True)
    assignee_id = Id(allow_none=True)
    client_id = Id(allow_none=True)
    document_id = Id(allow_none=True)
    interaction_id = Id(allow_none=True)


class CompleteTaskSchema(CommandSchema):
    command = CompleteTask

    task_id = Id(required=True)
    result = Text(1000, lines=True)


class TaskView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    document_id = ma.fields.String(required=True, allow_none=True)
    interaction_id = ma.fields.String(required=True, allow_none=True)
    assignee_id = ma.fields.String(required=True, allow_none=True)
    author_id = ma.fields.String(required=True, metadata={"description": "Who made it: a user, or a service"})
    title = ma.fields.String(required=True, allow_none=True)
    due_date = ma.fields.Date(required=True)
    completed = ma.fields.Boolean(required=True)
    result = ma.fields.String(required=True, allow_none=True)


class GetTaskSchema(ma.Schema):
    task_id = Id(required=True)


class ListTasksSchema(ResourceListSchema):
    client_id = Id()
    assignee_id = Id()
    completed = ma.fields.Boolean()


class TaskAssignedSchema(EventSchema):
    task_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    document_id = ma.fields.String(required=True, allow_none=True)
    assignee_id = ma.fields.String(required=True, allow_none=True)
    due_date = ma.fields.Date(required=True)
    title = ma.fields.String(allow_none=True)
    interaction_id = ma.fields.String(allow_none=True)


class TaskCompletedSchema(EventSchema):
    task_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    result = ma.fields.String(allow_none=True)

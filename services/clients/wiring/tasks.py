"""Tasks: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import tasks as handlers
from services.clients.queries.tasks import TASKS
from services.clients.schemas import tasks as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "assign_task": CommandSpec(schemas.AssignTaskSchema, handlers.assign_task, answer="get_task", changes=False),
    "complete_task": CommandSpec(schemas.CompleteTaskSchema, handlers.complete_task, answer="get_task"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_task": one(schemas.GetTaskSchema, TASKS, schemas.TaskView),
    "list_task_history": history(schemas.GetTaskSchema, TASKS),
    "list_tasks": many(schemas.ListTasksSchema, TASKS, schemas.TaskView),
}

"""Tasks: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import tasks as handlers
from services.clients.queries.tasks import TASKS
from services.clients.schemas import tasks as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "assign_task": CommandSpec(schemas.AssignTaskSchema, handlers.assign_task, answer="get_task", changes=False),
    "change_task": CommandSpec(schemas.ChangeTaskSchema, handlers.change_task, answer="get_task"),
    "complete_task": CommandSpec(schemas.CompleteTaskSchema, handlers.complete_task, answer="get_task"),
    "cancel_task": CommandSpec(schemas.CancelTaskSchema, handlers.cancel_task, answer="get_task"),
    "mark_task_overdue": CommandSpec(
        schemas.MarkTaskOverdueSchema, handlers.mark_task_overdue, answer="get_task", changes=False
    ),
    "remind_of_task": CommandSpec(
        schemas.RemindOfTaskSchema, handlers.remind_of_task, answer="get_task", changes=False
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_task": one(schemas.GetTaskSchema, TASKS, schemas.TaskView),
    "list_task_history": history(schemas.GetTaskSchema, TASKS),
    "list_tasks": many(schemas.ListTasksSchema, TASKS, schemas.TaskView),
}

"""A task: what somebody is to do, and whether it is done."""

from dataclasses import dataclass, replace

from services.clients.commands.tasks import AssignTask, CompleteTask
from services.clients.events.tasks import TaskAssigned, TaskCompleted
from services.kernel.errors import Refusal


class TaskAlreadyCompleted(Refusal):
    ru = "Задача уже выполнена"
    en = "The task is completed already"


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    client_id: str | None
    completed: bool


def assign_task(command: AssignTask) -> list[TaskAssigned]:
    assigned = TaskAssigned(
        command.task_id,
        command.client_id,
        command.document_id,
        command.assignee_id,
        command.due_date,
        command.title,
        command.interaction_id,
    )
    return [assigned]


def complete_task(task: Task, command: CompleteTask) -> list[TaskCompleted]:
    if task.completed:
        raise TaskAlreadyCompleted
    return [TaskCompleted(task.id, task.client_id, command.result or None)]


def evolve(task: Task | None, event: TaskAssigned | TaskCompleted) -> Task:
    if isinstance(event, TaskAssigned):
        return Task(event.task_id, event.client_id, completed=False)
    assert task is not None
    return replace(task, completed=True)

"""Tasks: events to rows."""

from services.clients import tables as t
from services.clients.events.tasks import TaskAssigned, TaskCompleted
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
            "assignee_id": event.assignee_id,
            "author_id": recorded.actor,
            "title": event.title,
            "due_date": event.due_date.isoformat(),
            "completed": False,
            "result": None,
        },
    )


def on_task_completed(rows: Rows, recorded: Recorded) -> None:
    event: TaskCompleted = recorded.event
    rows.change(t.tasks, recorded.subject, version=recorded.version, completed=True, result=event.result)


TASKS = Projection(
    name="tasks",
    tables=(t.tasks,),
    on={"clients": {"TaskAssigned": on_task_assigned, "TaskCompleted": on_task_completed}},
)

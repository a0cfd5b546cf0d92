"""What happens to tasks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


def _of_task(happened: "TaskAssigned | TaskCompleted") -> PersonalFields:
    """Free text is personal to its client; without one it tells of nobody."""
    if happened.client_id is None:
        return {}
    return {PersonKey(happened.client_id, "relation"): ("title", "result")}


def _without_interaction(fields: dict[str, Any]) -> dict[str, Any]:
    """The first version knew of no interactions."""
    return fields


@event("TaskAssigned", version=2, personal=_of_task, upcasters=(_without_interaction,))
@dataclass(frozen=True, slots=True)
class TaskAssigned:
    task_id: str
    client_id: str | None
    document_id: str | None
    assignee_id: str | None
    due_date: date
    title: str | None = None
    interaction_id: str | None = None


@event("TaskCompleted", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskCompleted:
    task_id: str
    client_id: str | None
    result: str | None = None

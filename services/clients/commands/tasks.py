"""What can be asked about tasks."""

from dataclasses import dataclass, field
from datetime import date

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Somebody is to do something, by a day. `due_date` is a date in the company's zone."""

    title: str
    due_date: date
    assignee_id: str | None = None
    client_id: str | None = None
    document_id: str | None = None
    interaction_id: str | None = None
    task_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CompleteTask:
    task_id: str
    result: str = ""

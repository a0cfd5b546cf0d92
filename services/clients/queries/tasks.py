"""Tasks: rows to views."""

from services.clients import tables as t
from services.kernel.lists import Field, Kind, Resource

TASKS = Resource(
    "task",
    "task_id",
    t.tasks,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID),
        Field("document_id", Kind.ID),
        Field("interaction_id", Kind.ID),
        Field("assignee_id", Kind.ID),
        Field("author_id", Kind.ID),
        Field("title", Kind.TEXT),
        Field("due_date", Kind.DATE),
        Field("completed", Kind.FLAG),
        Field("result", Kind.TEXT),
    ),
    owners=(t.tasks.c.assignee_id, t.tasks.c.author_id),
)

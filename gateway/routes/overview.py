"""Everything of a client in one call."""

from dataclasses import dataclass, field
from typing import Any

from gateway.routing import Route

LIMIT = 10


@dataclass(frozen=True, slots=True)
class Section:
    """The first of a list of what hangs on the client, for whoever may read that list."""

    name: str
    service: str
    call: str
    permission: str
    asked: dict[str, Any] = field(default_factory=dict)


SECTIONS = (
    Section("contacts", "clients", "list_contacts", "contacts.read", {"current": True, "sort": "name"}),
    Section("interactions", "clients", "list_interactions", "interactions.read", {"sort": "-starts_at"}),
    Section(
        "attachments",
        "clients",
        "list_attachments",
        "attachments.read",
        {"state": "attached", "sort": "-attached_at"},
    ),
    Section("tasks", "clients", "list_tasks", "tasks.read", {"state": "open", "sort": "due_date"}),
    Section("leads", "clients", "list_leads", "leads.read", {"sort": "-captured_at"}),
    Section("deals", "deals", "list_deals", "deals.read", {"sort": "-opened_at"}),
    Section("documents", "documents", "list_documents", "documents.read", {"sort": "-date"}),
    Section("payments", "documents", "list_payments", "payments.read", {"sort": "-date"}),
    Section("messages", "notifications", "list_messages", "messages.read", {"sort": "-planned_at"}),
    Section("timeline", "reporting", "list_client_timeline", "clients.read", {"sort": "-occurred_at"}),
)
_LIST = {
    "type": ["object", "null"],
    "required": ["items", "more"],
    "properties": {
        "items": {"type": "array", "items": {"type": "object"}, "maxItems": LIMIT},
        "more": {"type": "boolean", "description": "Whether the list itself has more"},
    },
}
_SCHEMA = {
    "type": "object",
    "required": ["id", "version", "client", "unavailable", *(section.name for section in SECTIONS)],
    "properties": {
        "id": {"type": "string"},
        "version": {"type": "integer"},
        "client": {"$ref": "#/components/schemas/ClientView"},
        **{section.name: _LIST for section in SECTIONS},
        "unavailable": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Parts that are null as their service did not answer; others are null for want of a right",
        },
    },
}
OVERVIEW = Route(
    "GET",
    "/v1/clients/{client_id}/overview",
    "get",
    "clients",
    "get_client",
    "clients.read",
    "clients",
    "A client with the first of everything that hangs on it, as far as the caller may see",
    view="get_client_overview",
    gives={"application/json": {"schema": _SCHEMA}},
)

ROUTES = (OVERVIEW,)

"""Clients, tasks, and the import of a client base."""

from gateway.routing import Kind, Route

_C = "clients"
_ONE = "/v1/operations/{operation_id}"
_ENTRIES, _ENTRY = "/v1/dictionary-entries", "/v1/dictionary-entries/{entry_id}"
_CONTACT, _INTERACTION = "/v1/contacts/{contact_id}", "/v1/interactions/{interaction_id}"
_VIP_MANAGERS, _VIP_MANAGER = "/v1/vip-managers", "/v1/vip-managers/{user_id}"
_FIELDS, _FIELD = "/v1/client-fields", "/v1/client-fields/{code}"


def _client(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"clients.{permission}", _C, summary)


def _contact(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"contacts.{permission}", "contacts", summary)


def _interaction(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"interactions.{permission}", "interactions", summary)


def _consent(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"consents.{permission}", "consents", summary)


def _erasure(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    """What is to be forgotten is accepted, and forgotten within seconds."""
    begins = kind == "create"
    location = "/v1/erasures" if begins else ""
    return Route(method, path, kind, _C, call, permission, "erasures", summary, accepted=begins, location=location)


def _setting(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"settings.{permission}", "settings", summary)


def _task(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"tasks.{permission}", "tasks", summary)


def _operation(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    """What begins an operation is accepted, and goes on afterwards."""
    begins = kind == "create"
    return Route(
        method,
        path,
        kind,
        _C,
        call,
        permission,
        "operations",
        summary,
        accepted=begins,
        location="/v1/operations" if begins else "",
    )


ROUTES = (
    _client("POST", "/v1/clients", "create", "create_client", "write", "Create a client"),
    _client("GET", "/v1/clients", "list", "list_clients", "read", "List clients"),
    _client("GET", "/v1/clients/{client_id}", "get", "get_client", "read", "Get a client"),
    _client("PATCH", "/v1/clients/{client_id}", "change", "change_client", "write", "Change a client"),
    _client(
        "POST", "/v1/clients/{client_id}/manager", "change", "assign_client", "assign", "Assign a client to a manager"
    ),
    _client("POST", "/v1/clients/{client_id}/check", "change", "check_client", "write", "Note that a card is checked"),
    _client(
        "POST", "/v1/clients/{client_id}/vip", "change", "change_client_vip", "vip", "Make a client a VIP, or no longer"
    ),
    _client("POST", _VIP_MANAGERS, "create", "name_vip_manager", "vip", "Let a user look after VIP clients"),
    _client("GET", _VIP_MANAGERS, "list", "list_vip_managers", "read", "List who may look after VIP clients"),
    _client("GET", _VIP_MANAGER, "get", "get_vip_manager", "read", "Whether a user may look after VIP clients"),
    _client(
        "POST",
        f"{_VIP_MANAGER}/dismiss",
        "change",
        "dismiss_vip_manager",
        "vip",
        "Give a user no more VIP clients",
    ),
    _client("GET", "/v1/clients/duplicates", "list", "list_duplicates", "read", "List clients that may be one"),
    _client(
        "POST",
        "/v1/clients/{client_id}/merge",
        "change",
        "merge_clients",
        "merge",
        "Take another client for this one; the other's id stands for this one from now on",
    ),
    _client(
        "POST",
        "/v1/clients/{client_id}/unmerge",
        "change",
        "unmerge_clients",
        "merge",
        "Take two clients apart again; what was edited since stays and is told",
    ),
    _client("GET", "/v1/merges", "list", "list_merges", "read", "List which clients proved to be one, and when"),
    _contact("POST", "/v1/contacts", "create", "create_contact", "write", "Create a contact person"),
    _contact("GET", "/v1/contacts", "list", "list_contacts", "read", "List contact persons"),
    _contact("GET", _CONTACT, "get", "get_contact", "read", "Get a contact person"),
    _contact("PATCH", _CONTACT, "change", "change_contact", "write", "Change a contact person"),
    _contact(
        "POST", f"{_CONTACT}/link", "change", "link_contact", "write", "Let a person stand for a client, or change how"
    ),
    _contact("POST", f"{_CONTACT}/unlink", "change", "unlink_contact", "write", "End a link; that there was one stays"),
    _interaction("POST", "/v1/interactions", "create", "plan_interaction", "write", "Plan an interaction"),
    _interaction(
        "POST",
        "/v1/interactions/record",
        "create",
        "record_interaction",
        "write",
        "Record an interaction that has taken place",
    ),
    _interaction("GET", "/v1/interactions", "list", "list_interactions", "read", "List interactions"),
    _interaction("GET", _INTERACTION, "get", "get_interaction", "read", "Get an interaction"),
    _interaction("PATCH", _INTERACTION, "change", "change_interaction", "write", "Change an interaction"),
    _interaction("POST", f"{_INTERACTION}/complete", "change", "complete_interaction", "write", "Note what came of it"),
    _interaction("POST", f"{_INTERACTION}/cancel", "change", "cancel_interaction", "write", "Cancel what was planned"),
    _interaction(
        "POST", f"{_INTERACTION}/resolve", "change", "resolve_complaint", "write", "Note how a complaint was resolved"
    ),
    _consent("POST", "/v1/consents", "create", "give_consent", "write", "Note that somebody has consented"),
    _consent("GET", "/v1/consents", "list", "list_consents", "read", "List consents"),
    _consent("GET", "/v1/consents/{consent_id}", "get", "get_consent", "read", "Get a consent"),
    _consent(
        "POST", "/v1/consents/{consent_id}/revoke", "change", "revoke_consent", "write", "Note that it was revoked"
    ),
    _erasure(
        "POST", "/v1/clients/{client_id}/erase", "create", "erase_client", "erasures.write", "Forget a client's person"
    ),
    _erasure("POST", f"{_CONTACT}/erase", "create", "erase_contact", "erasures.write", "Forget a contact person"),
    _erasure("GET", "/v1/erasures", "list", "list_erasures", "erasures.read", "List who was forgotten, and why"),
    _erasure("GET", "/v1/erasures/{erasure_id}", "get", "get_erasure", "erasures.read", "Certificate of an erasure"),
    _setting("POST", _ENTRIES, "create", "add_dictionary_entry", "write", "Add an entry to a dictionary"),
    _setting("GET", _ENTRIES, "list", "list_dictionary_entries", "read", "List the entries of dictionaries"),
    _setting("GET", _ENTRY, "get", "get_dictionary_entry", "read", "Get an entry"),
    _setting("PATCH", _ENTRY, "change", "change_dictionary_entry", "write", "Rename, move or retire an entry"),
    _setting("POST", _FIELDS, "create", "add_client_field", "write", "Add a field of the company's own to cards"),
    _setting("GET", _FIELDS, "list", "list_client_fields", "read", "List the fields of cards"),
    _setting("GET", _FIELD, "get", "get_client_field", "read", "Get a field"),
    _setting("PATCH", _FIELD, "change", "change_client_field", "write", "Rename or hide a field"),
    _task("POST", "/v1/tasks", "create", "assign_task", "write", "Assign a task"),
    _task("GET", "/v1/tasks", "list", "list_tasks", "read", "List tasks"),
    _task("GET", "/v1/tasks/{task_id}", "get", "get_task", "read", "Get a task"),
    _task("PATCH", "/v1/tasks/{task_id}", "change", "change_task", "write", "Change or hand over a task"),
    _task("POST", "/v1/tasks/{task_id}/cancel", "change", "cancel_task", "write", "Cancel a task"),
    _task("POST", "/v1/tasks/{task_id}/complete", "change", "complete_task", "write", "Complete a task"),
    _operation(
        "POST",
        "/v1/clients/edit",
        "create",
        "edit_clients",
        "clients.write",
        "Give many clients a city or source",
    ),
    _operation(
        "POST", "/v1/clients/assign", "create", "assign_clients", "clients.assign", "Assign many clients to a manager"
    ),
    _operation(
        "POST",
        "/v1/users/{user_id}/hand-over",
        "create",
        "hand_over",
        "clients.assign",
        "Give all that a user has in hand to another",
    ),
    _operation("GET", "/v1/operations", "list", "list_operations", "operations.read", "List operations"),
    _operation("GET", f"{_ONE}", "get", "get_operation", "operations.read", "How an operation goes"),
    _operation("GET", f"{_ONE}/rows", "list", "list_operation_rows", "operations.read", "What became of each row"),
    _operation(
        "POST", f"{_ONE}/stop", "change", "stop_operation", "operations.write", "Stop an operation; what is done stays"
    ),
    _operation(
        "POST", f"{_ONE}/resume", "change", "resume_operation", "operations.write", "Let a stopped operation go on"
    ),
    _operation(
        "GET", f"{_ONE}/revert", "list", "list_revert_preview", "clients.revert", "What undoing it would come to now"
    ),
    _operation("POST", f"{_ONE}/revert", "create", "revert_operation", "clients.revert", "Undo what an operation did"),
)

"""Clients, tasks, and the import of a client base."""

from gateway.routing import Kind, Route

_C = "clients"


def _client(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"clients.{permission}", _C, summary)


def _task(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"tasks.{permission}", "tasks", summary)


def _operation(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, permission, "operations", summary)


ROUTES = (
    _client("POST", "/v1/clients", "create", "create_client", "write", "Create a client"),
    _client("GET", "/v1/clients", "list", "list_clients", "read", "List clients"),
    _client("GET", "/v1/clients/{client_id}", "get", "get_client", "read", "Get a client"),
    _client("PATCH", "/v1/clients/{client_id}", "change", "change_client", "write", "Change a client"),
    _client(
        "POST", "/v1/clients/{client_id}/manager", "change", "assign_client", "assign", "Assign a client to a manager"
    ),
    _task("POST", "/v1/tasks", "create", "assign_task", "write", "Assign a task"),
    _task("GET", "/v1/tasks", "list", "list_tasks", "read", "List tasks"),
    _task("GET", "/v1/tasks/{task_id}", "get", "get_task", "read", "Get a task"),
    _task("POST", "/v1/tasks/{task_id}/complete", "change", "complete_task", "write", "Complete a task"),
    _operation(
        "GET", "/v1/operations/{operation_id}", "get", "get_operation", "operations.read", "How an operation goes"
    ),
    _operation(
        "GET",
        "/v1/operations/{operation_id}/rows",
        "list",
        "list_operation_rows",
        "operations.read",
        "What became of each row",
    ),
    _operation(
        "POST",
        "/v1/imports/{import_id}/stop",
        "change",
        "stop_import",
        "clients.import",
        "Stop an import; what is taken in stays",
    ),
)

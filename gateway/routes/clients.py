"""Clients, their tasks and the import of a base."""

from gateway.routing import Route

_C = "clients"

ROUTES = (
    Route("POST", "/v1/clients", "create", _C, "create_client", "clients.write", _C, "Create a client"),
    Route("GET", "/v1/clients", "list", _C, "list_clients", "clients.read", _C, "List clients"),
    Route("GET", "/v1/clients/{client_id}", "get", _C, "get_client", "clients.read", _C, "Get a client"),
    Route("PATCH", "/v1/clients/{client_id}", "change", _C, "change_client", "clients.write", _C, "Change a client"),
    Route(
        "POST",
        "/v1/clients/{client_id}/manager",
        "change",
        _C,
        "assign_client",
        "clients.assign",
        _C,
        "Assign a client to a manager",
    ),
)

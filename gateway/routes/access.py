"""Users and API keys."""

from gateway.routing import Route

_G = "gateway"

ROUTES = (
    Route("POST", "/v1/users", "create", _G, "create_user", "users.write", "users", "Create a user"),
    Route("GET", "/v1/users", "list", _G, "list_users", "users.read", "users", "List users"),
    Route("GET", "/v1/users/{user_id}", "get", _G, "get_user", "users.read", "users", "Get a user"),
    Route(
        "POST",
        "/v1/users/{user_id}/deactivate",
        "change",
        _G,
        "deactivate_user",
        "users.write",
        "users",
        "Deactivate a user",
    ),
    Route("POST", "/v1/api-keys", "create", _G, "create_api_key", "api-keys.write", "api-keys", "Create an API key"),
    Route("GET", "/v1/api-keys", "list", _G, "list_api_keys", "api-keys.read", "api-keys", "List API keys"),
    Route("GET", "/v1/api-keys/{key_id}", "get", _G, "get_api_key", "api-keys.read", "api-keys", "Get an API key"),
    Route(
        "POST",
        "/v1/api-keys/{key_id}/revoke",
        "change",
        _G,
        "revoke_api_key",
        "api-keys.write",
        "api-keys",
        "Revoke an API key",
    ),
)

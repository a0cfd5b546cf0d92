"""Messages to clients."""

from gateway.routing import Route

_N = "notifications"

ROUTES = (
    Route("GET", "/v1/messages", "list", _N, "list_messages", "messages.read", "messages", "List messages"),
    Route("GET", "/v1/messages/{message_id}", "get", _N, "get_message", "messages.read", "messages", "Get a message"),
)

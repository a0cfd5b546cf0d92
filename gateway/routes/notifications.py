"""Messages to clients, notices to users."""

from gateway.routing import Route

_N = "notifications"

ROUTES = (
    Route("GET", "/v1/messages", "list", _N, "list_messages", "messages.read", "messages", "List messages"),
    Route("GET", "/v1/messages/{message_id}", "get", _N, "get_message", "messages.read", "messages", "Get a message"),
    Route("GET", "/v1/notices", "list", _N, "list_notices", "notices.read", "notices", "List notices to users"),
    Route("GET", "/v1/notices/{notice_id}", "get", _N, "get_notice", "notices.read", "notices", "Get a notice"),
)

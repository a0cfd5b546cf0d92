"""Webhooks: events sent to an address of the subscriber's."""

from gateway.routing import Kind, Route

_ONE = "/v1/webhooks/{webhook_id}"


def _webhook(
    method: str, path: str, kind: Kind, call: str, permission: str, summary: str, *, accepted: bool = False
) -> Route:
    may = f"webhooks.{permission}"
    return Route(method, path, kind, "notifications", call, may, "webhooks", summary, accepted=accepted)


ROUTES = (
    _webhook("POST", "/v1/webhooks", "create", "create_webhook", "write", "Subscribe an address to events"),
    _webhook("GET", "/v1/webhooks", "list", "list_webhooks", "read", "List webhooks"),
    _webhook("GET", _ONE, "get", "get_webhook", "read", "Get a webhook, and how far it has come"),
    _webhook("PATCH", _ONE, "change", "change_webhook", "write", "Change a webhook; it is the caller's from then on"),
    _webhook("DELETE", _ONE, "change", "cancel_webhook", "write", "Cancel a webhook for good"),
    _webhook("POST", f"{_ONE}/pause", "change", "pause_webhook", "write", "Pause a webhook; nothing is lost"),
    _webhook("POST", f"{_ONE}/resume", "change", "resume_webhook", "write", "Go on where the webhook has stopped"),
    _webhook(
        "POST",
        f"{_ONE}/rotate-secret",
        "change",
        "rotate_webhook_secret",
        "write",
        "Make another secret; for a day both sign",
    ),
    _webhook(
        "POST", f"{_ONE}/replay", "change", "replay_webhook", "write", "Send a range of events again", accepted=True
    ),
    _webhook("POST", f"{_ONE}/ping", "change", "ping_webhook", "write", "Send a test message"),
    _webhook("GET", f"{_ONE}/deliveries", "list", "list_webhook_deliveries", "read", "The latest attempts at delivery"),
)

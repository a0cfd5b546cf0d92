"""Reports, the timeline of a client, and the event feed."""

from gateway.routing import Route

_R = "reporting"

FEED = Route(
    "GET", "/v1/events", "report", _R, "list_events", "events.read", "events", "The event feed", view="list_events"
)
STREAM = Route(
    "GET",
    "/v1/events/stream",
    "report",
    _R,
    "stream_events",
    "events.read",
    "events",
    "The event feed as server-sent events",
    view="stream_events",
    gives={"text/event-stream": {"schema": {"type": "string"}}},
)

ROUTES = (
    Route(
        "GET",
        "/v1/reports/funnel",
        "report",
        _R,
        "report_funnel",
        "reports.read",
        "reports",
        "Deals along the funnel",
    ),
    Route(
        "GET",
        "/v1/reports/receivables",
        "report",
        _R,
        "report_receivables",
        "reports.read",
        "reports",
        "Receivables by client and age",
    ),
    Route(
        "GET",
        "/v1/reports/sources",
        "report",
        _R,
        "report_sources",
        "reports.read",
        "reports",
        "Leads by source, and what has come of them",
    ),
    Route(
        "GET",
        "/v1/clients/{client_id}/timeline",
        "list",
        _R,
        "list_client_timeline",
        "clients.read",
        "clients",
        "What happened with a client, across services",
    ),
    FEED,
    STREAM,
)

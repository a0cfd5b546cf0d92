"""Deals and their funnel."""

from gateway.routing import Route

_D = "deals"

ROUTES = (
    Route("POST", "/v1/deals", "create", _D, "open_deal", "deals.write", _D, "Open a deal"),
    Route("GET", "/v1/deals", "list", _D, "list_deals", "deals.read", _D, "List deals"),
    Route("GET", "/v1/deals/{deal_id}", "get", _D, "get_deal", "deals.read", _D, "Get a deal"),
    Route("PATCH", "/v1/deals/{deal_id}", "change", _D, "change_deal", "deals.write", _D, "Change a deal"),
    Route(
        "POST",
        "/v1/deals/{deal_id}/stage",
        "change",
        _D,
        "change_deal_stage",
        "deals.write",
        _D,
        "Move a deal to another stage",
    ),
    Route(
        "GET",
        "/v1/operations/{operation_id}/deals",
        "list",
        _D,
        "list_handed_deals",
        "operations.read",
        "operations",
        "What became of the deals of a hand-over",
    ),
    Route("GET", "/v1/pipelines", "list", _D, "list_pipelines", "deals.read", _D, "List pipelines and their stages"),
)

"""Leads, and who gets them."""

from gateway.routing import Kind, Route

_C = "clients"
_LEAD, _RULE = "/v1/leads/{lead_id}", "/v1/lead-rules/{rule_id}"


def _lead(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"leads.{permission}", "leads", summary)


def _rule(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"settings.{permission}", "settings", summary)


ROUTES = (
    _lead("POST", "/v1/leads", "create", "capture_lead", "create", "Take in a lead, whose source is known"),
    _lead("GET", "/v1/leads", "list", "list_leads", "read", "List leads"),
    _lead("GET", _LEAD, "get", "get_lead", "read", "Get a lead"),
    _lead("POST", f"{_LEAD}/assignee", "change", "assign_lead", "write", "Hand a lead over, with its first contact"),
    _lead("POST", f"{_LEAD}/take", "change", "take_lead", "write", "Begin to work on a lead, or take it up again"),
    _lead("POST", f"{_LEAD}/reject", "change", "reject_lead", "write", "Note that nothing will come of a lead"),
    _lead("POST", f"{_LEAD}/convert", "change", "convert_lead", "convert", "Make a client of a lead, and open a deal"),
    Route(
        "POST",
        f"{_LEAD}/erase",
        "create",
        _C,
        "erase_lead",
        "erasures.write",
        "erasures",
        "Forget a lead's person",
        accepted=True,
        location="/v1/erasures",
    ),
    _rule("POST", "/v1/lead-rules", "create", "add_lead_rule", "write", "Say who gets the leads of a source"),
    _rule("GET", "/v1/lead-rules", "list", "list_lead_rules", "read", "List who gets which leads"),
    _rule("GET", _RULE, "get", "get_lead_rule", "read", "Get a rule"),
    _rule("PATCH", _RULE, "change", "change_lead_rule", "write", "Change who gets the leads of a source"),
)

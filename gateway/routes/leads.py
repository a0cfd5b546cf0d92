"""Leads, who gets them, and the forms they come by."""

from gateway.routing import OPEN, Kind, Route

_C = "clients"
_LEAD, _RULE, _FORM = "/v1/leads/{lead_id}", "/v1/lead-rules/{rule_id}", "/v1/lead-forms/{form_id}"


def _lead(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"leads.{permission}", "leads", summary)


def _setting(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _C, call, f"settings.{permission}", "settings", summary)


_VALUES = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    "description": "What the form asks, `consent`, marks as `utm_source`…, and `submission_key` where there is one",
}
SUBMIT = Route(
    "POST",
    "/forms/{token}",
    "form",
    _C,
    "submit_lead_form",
    OPEN,
    "leads",
    "Take in what somebody has sent by a form on a site",
    view="submit_form",
    takes={kind: {"schema": _VALUES} for kind in ("application/x-www-form-urlencoded", "application/json")},
    gives={
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "string", "enum": ["accepted"]}},
                "additionalProperties": False,
            }
        },
        "text/html": {"schema": {"type": "string"}},
    },
)

ROUTES = (
    SUBMIT,
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
    _setting("POST", "/v1/lead-rules", "create", "add_lead_rule", "write", "Say who gets the leads of a source"),
    _setting("GET", "/v1/lead-rules", "list", "list_lead_rules", "read", "List who gets which leads"),
    _setting("GET", _RULE, "get", "get_lead_rule", "read", "Get a rule"),
    _setting("PATCH", _RULE, "change", "change_lead_rule", "write", "Change who gets the leads of a source"),
    _setting("POST", "/v1/lead-forms", "create", "add_lead_form", "write", "Make a form for a site"),
    _setting("GET", "/v1/lead-forms", "list", "list_lead_forms", "read", "List the forms of sites"),
    _setting("GET", _FORM, "get", "get_lead_form", "read", "Get a form"),
    _setting("PATCH", _FORM, "change", "change_lead_form", "write", "Change a form, or let it take in nothing more"),
)

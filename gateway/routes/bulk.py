"""Many operations in one call."""

from gateway.routing import SELF, Route
from services.kernel.contracts import REF

_ANSWER = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"type": "integer", "description": "What the operation would be answered with alone"},
        "id": {"type": "string"},
        "version": {"type": "integer"},
        "position": {"type": "string", "description": "As in Reestr-Position"},
        "problem": {"$ref": f"{REF}Problem"},
    },
}
_ANSWERS = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": _ANSWER, "description": "To each item, in their order"}},
}

BULK = Route(
    "POST",
    "/v1/bulk",
    "bulk",
    "gateway",
    "begin_bulk",
    SELF,
    "bulk",
    "Carry out up to 500 operations; each is what it would be alone",
    view="bulk",
    gives={"application/json": {"schema": _ANSWERS}},
)

ROUTES = (BULK,)

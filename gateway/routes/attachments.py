"""Files and web links that hang on clients, contact persons, interactions and tasks."""

from gateway.routing import Kind, Route

_FILE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "required": ["file", "what", "owner_id"],
    "properties": {
        "file": _FILE,
        "what": {"type": "string", "enum": ["client", "contact", "interaction", "task"]},
        "owner_id": {"type": "string", "maxLength": 64, "description": "The id of what it is attached to"},
    },
}
_ALL, _ONE = "/v1/attachments", "/v1/attachments/{attachment_id}"


def _route(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, "clients", call, f"attachments.{permission}", "attachments", summary)


ATTACH = Route(
    "POST",
    _ALL,
    "create",
    "clients",
    "attach_file",
    "attachments.write",
    "attachments",
    "Attach a file",
    view="attach_file",
    takes={"multipart/form-data": {"schema": _FORM}},
)
FILE = Route(
    "GET",
    f"{_ONE}/file",
    "get",
    "clients",
    "get_attached_file",
    "attachments.read",
    "attachments",
    "The content of an attached file",
    view="get_attached_file",
    gives={"application/octet-stream": {"schema": _FILE}},
)

ROUTES = (
    ATTACH,
    _route("POST", f"{_ALL}/links", "create", "attach_link", "write", "Attach a web link"),
    _route("GET", _ALL, "list", "list_attachments", "read", "List attachments"),
    _route("GET", _ONE, "get", "get_attachment", "read", "Get what is known of an attachment"),
    FILE,
    _route(
        "POST", f"{_ONE}/remove", "change", "remove_attachment", "write", "Remove an attachment; a file is destroyed"
    ),
)

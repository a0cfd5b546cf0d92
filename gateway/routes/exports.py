"""Exports: lists as files, each resource by a right of its own."""

from gateway.routing import Kind, Route

_R = "reporting"
_ONE = "/v1/exports/{export_id}"

_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "txt": "text/plain",
    "html": "text/html",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "vcf": "text/vcard",
}
_FILE = {"type": "string", "format": "binary"}


def _request(resource: str, what: str) -> Route:
    return Route(
        "POST",
        f"/v1/{resource}/export",
        "create",
        _R,
        "request_export",
        f"{resource}.export",
        "exports",
        f"Export {what} as a list shows them; the file is made afterwards",
        view=f"export_{resource}",
        accepted=True,
        location="/v1/exports",
        fixed={"resource": resource},
    )


def _export(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _R, call, f"exports.{permission}", "exports", summary)


REQUESTS = (
    _request("clients", "clients"),
    _request("contacts", "contact persons"),
    _request("deals", "deals"),
    _request("documents", "documents"),
    _request("interactions", "interactions"),
    _request("messages", "messages"),
    _request("payments", "payments"),
    _request("tasks", "tasks"),
)
FILE = Route(
    "GET",
    f"{_ONE}/file",
    "get",
    _R,
    "get_export",
    "exports.read",
    "exports",
    "The file of an export of one's own; every download is noted",
    view="download_export",
    gives={kind: {"schema": _FILE} for kind in MEDIA_TYPES.values()},
)

ROUTES = (
    *REQUESTS,
    _export("GET", "/v1/exports", "list", "list_exports", "read", "List exports"),
    _export("GET", _ONE, "get", "get_export", "read", "How an export goes"),
    _export("POST", f"{_ONE}/stop", "change", "stop_export", "write", "Stop an export"),
    _export("POST", f"{_ONE}/resume", "change", "resume_export", "write", "Let an export of one's own go on"),
    FILE,
)

"""Files in and out."""

from gateway.routing import Route

_FILE = {"type": "string", "format": "binary"}
_HEADINGS = {
    "type": "string",
    "description": "A JSON object: which heading means which field, null to leave a column out",
}
_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": _FILE,
        "columns": _HEADINGS,
        "existing": {"type": "string", "enum": ["skip", "fill", "overwrite"]},
        "source": {"type": "string", "maxLength": 100},
        "dry_run": {"type": "boolean"},
    },
}

UPLOAD = Route(
    "POST",
    "/v1/imports",
    "create",
    "clients",
    "start_import",
    "clients.import",
    "operations",
    "Import clients from a table; the operation tells what became of each row",
    view="start_import",
    takes={
        "application/octet-stream": {"schema": _FILE},
        "multipart/form-data": {"schema": _FORM},
    },
    accepted=True,
    location="/v1/operations",
)
COLUMNS = Route(
    "POST",
    "/v1/imports/columns",
    "get",
    "clients",
    "propose_import",
    "clients.import",
    "operations",
    "What the columns of a file seem to mean; nothing is kept",
    view="propose_import",
    takes={
        "application/octet-stream": {"schema": _FILE},
        "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE}}},
    },
)
PDF = Route(
    "GET",
    "/v1/documents/{document_id}/pdf",
    "get",
    "documents",
    "get_document",
    "documents.read",
    "documents",
    "The PDF of a document",
    view="get_document_pdf",
    gives={"application/pdf": {"schema": _FILE}},
)

FAILED_ROWS = Route(
    "GET",
    "/v1/operations/{operation_id}/failed-rows",
    "get",
    "clients",
    "get_failed_rows",
    "clients.import",
    "operations",
    "The rows that an import did not take in, and why; kept for seven days",
    view="get_failed_rows",
    gives={"text/csv": {"schema": _FILE}},
)

ROUTES = (UPLOAD, COLUMNS, FAILED_ROWS, PDF)

"""Files in and out."""

from gateway.routing import Route

_FILE = {"type": "string", "format": "binary"}
_COLUMNS = {
    "type": "string",
    "description": "A JSON object: which heading means which field, null to leave a column out",
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
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": _FILE, "columns": _COLUMNS}}
        },
    },
    accepted=True,
    location="/v1/operations",
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

ROUTES = (UPLOAD, PDF)

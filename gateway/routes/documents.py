"""Own organisations, primary documents and payments."""

from gateway.routing import Kind, Route

_D = "documents"


def _organisation(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _D, call, f"organisations.{permission}", "organisations", summary)


def _document(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _D, call, f"documents.{permission}", _D, summary)


def _payment(method: str, path: str, kind: Kind, call: str, permission: str, summary: str) -> Route:
    return Route(method, path, kind, _D, call, f"payments.{permission}", "payments", summary)


ROUTES = (
    _organisation(
        "POST", "/v1/organisations", "create", "create_organisation", "write", "Add one of our own organisations"
    ),
    _organisation("GET", "/v1/organisations", "list", "list_organisations", "read", "List our own organisations"),
    _organisation("GET", "/v1/organisations/{organisation_id}", "get", "get_organisation", "read", "Get one"),
    _organisation(
        "PUT",
        "/v1/organisations/{organisation_id}",
        "change",
        "change_organisation",
        "write",
        "Replace the requisites",
    ),
    _document("POST", "/v1/documents", "create", "create_document", "write", "Draft a document"),
    _document("GET", "/v1/documents", "list", "list_documents", "read", "List documents"),
    _document("GET", "/v1/documents/{document_id}", "get", "get_document", "read", "Get a document"),
    _document("POST", "/v1/documents/{document_id}/issue", "change", "issue_document", "issue", "Issue a document"),
    _document("POST", "/v1/documents/{document_id}/cancel", "change", "cancel_document", "issue", "Cancel a document"),
    _payment("POST", "/v1/payments", "create", "register_payment", "write", "Register a payment"),
    _payment("GET", "/v1/payments", "list", "list_payments", "read", "List payments"),
    _payment("GET", "/v1/payments/{payment_id}", "get", "get_payment", "read", "Get a payment"),
    _payment("POST", "/v1/payments/{payment_id}/cancel", "change", "cancel_payment", "write", "Cancel a payment"),
)

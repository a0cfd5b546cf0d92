"""What each role may do. A permission is `<resource>.<verb>`; a role without it is refused."""

from collections.abc import Mapping

EVERYTHING, READ_EVERYTHING = "*", "*.read"

_TASKS = {"tasks.read", "tasks.write"}
_SEE_A_CLIENT = {"clients.read", "deals.read", "organisations.read", "documents.read", "payments.read", "messages.read"}
_SELL = _TASKS | _SEE_A_CLIENT | {"clients.write", "deals.write", "documents.write"}
_IMPORT = {"clients.import", "operations.read"}

ROLES: Mapping[str, frozenset[str]] = {
    "owner": frozenset({EVERYTHING}),
    "head_of_sales": frozenset(_SELL | _IMPORT | {"clients.assign", "documents.issue", "reports.read", "users.read"}),
    "sales_manager": frozenset(_SELL),
    "accountant": frozenset(
        _TASKS
        | _SEE_A_CLIENT
        | {"documents.write", "documents.issue", "payments.write", "organisations.write", "reports.read"}
    ),
    "lawyer": frozenset(_TASKS | _SEE_A_CLIENT | {"reports.read"}),
    "marketer": frozenset(_TASKS | {"clients.read", "deals.read", "messages.read", "reports.read"}),
    "clerk": frozenset(_TASKS | _IMPORT | {"clients.read", "clients.write", "deals.read", "documents.read"}),
    "auditor": frozenset({READ_EVERYTHING}),
    "integration": frozenset(
        _SEE_A_CLIENT | _IMPORT | {"clients.write", "deals.write", "payments.write", "events.read"}
    ),
}


def permits(role: str, permission: str) -> bool:
    held = ROLES.get(role, frozenset())
    if EVERYTHING in held or permission in held:
        return True
    return READ_EVERYTHING in held and permission.endswith(".read")

"""What each role may do. A permission is `<resource>.<verb>`; a role without it is refused."""

from collections.abc import Mapping

ROLES: Mapping[str, frozenset[str]] = {
    "owner": frozenset({"*"}),
    "auditor": frozenset({"*.read"}),
    "integration": frozenset({"events.read", "clients.read", "clients.write", "deals.read", "deals.write"}),
}


def permits(role: str, permission: str) -> bool:
    held = ROLES.get(role, frozenset())
    return "*" in held or permission in held or ("*.read" in held and permission.endswith(".read"))

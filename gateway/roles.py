"""What each role may do. A permission is `<resource>.<verb>`; a role without it is refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Scope = Literal["own", "team", "all"]

EVERYTHING, READ_EVERYTHING = "*", "*.read"
SCOPES: tuple[Scope, ...] = ("own", "team", "all")
MASKED = ("email", "phone")
# the resources whose rows belong to users
ROW_RESOURCES = (
    "attachments",
    "clients",
    "consents",
    "contacts",
    "deals",
    "documents",
    "interactions",
    "leads",
    "messages",
    "operations",
    "payments",
    "reports",
    "tasks",
)
STREAMS = ("events.", "webhooks.")


@dataclass(frozen=True, slots=True)
class Grants:
    """Permissions, whose rows of each resource, and which kinds of fields are seen in part only.

    A resource that is not named counts as the narrowest of those that are.
    """

    permissions: frozenset[str]
    rows: Mapping[str, Scope] = field(default_factory=dict)
    masked: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        if EVERYTHING in self.permissions or permission in self.permissions:
            return True
        return READ_EVERYTHING in self.permissions and permission.endswith(".read")

    def scope(self, resource: str) -> Scope:
        if resource in ROW_RESOURCES:
            return self.rows.get(resource, "own")
        return min((self.scope(one) for one in ROW_RESOURCES), key=SCOPES.index)

    @property
    def whole_base(self) -> bool:
        return all(self.scope(resource) == "all" for resource in ROW_RESOURCES)

    @property
    def streams(self) -> bool:
        """Whether they open the event streams, which know no rows."""
        return any(permission.startswith(STREAMS) for permission in self.permissions)

    def cover(self, others: "Grants") -> bool:
        """Whether who holds these may give the others away."""
        return (
            all(self.may(permission) for permission in others.permissions)
            and all(_wider(self.scope(one), others.scope(one)) for one in ROW_RESOURCES)
            and self.masked <= others.masked
        )

    def narrowed(self, scopes: Collection[str] | None) -> "Grants":
        """What a key with these scopes leaves of them; None leaves everything."""
        if scopes is None:
            return self
        return replace(self, permissions=frozenset(scope for scope in scopes if self.may(scope)))


def _wider(one: Scope, other: Scope) -> bool:
    return SCOPES.index(one) >= SCOPES.index(other)


def _rows(scope: Scope) -> Mapping[str, Scope]:
    return dict.fromkeys(ROW_RESOURCES, scope)


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    grants: Grants


_OPERATE = {"operations.read", "operations.write"}
_TASKS = {"tasks.read", "tasks.write"}
_KNOW_A_CLIENT = {"clients.read", "consents.read", "contacts.read", "interactions.read", "settings.read"}
_KEEP_A_CLIENT = {"attachments.write", "clients.write", "consents.write", "contacts.write", "interactions.write"}
_SEE_A_CLIENT = _KNOW_A_CLIENT | {
    "attachments.read",
    "deals.read",
    "organisations.read",
    "documents.read",
    "payments.read",
    "messages.read",
}
_LEADS = {"leads.create", "leads.read"}
_SELL = (
    _TASKS
    | _SEE_A_CLIENT
    | _KEEP_A_CLIENT
    | _OPERATE
    | {"deals.write", "documents.write"}
    | (_LEADS | {"leads.write", "leads.convert"})
)
_IMPORT = _OPERATE | {"clients.import"}
_LEAD = {
    "clients.assign",
    "clients.merge",
    "clients.revert",
    "documents.issue",
    "reports.read",
    "users.read",
    "teams.read",
    "clients.vip",
} | {
    "exports.read",
    "notices.read",
    "settings.write",
}
_BOOK = _KNOW_A_CLIENT | _KEEP_A_CLIENT | {"attachments.read", "deals.read", "documents.read"}
_ACCOUNT = {"documents.write", "documents.issue", "payments.write", "organisations.write", "reports.read"}
_EXCHANGE = (
    _KEEP_A_CLIENT | _LEADS | {"deals.write", "payments.write", "events.read", "webhooks.read", "webhooks.write"}
)

WHOLE_BASE = Grants(frozenset(), _rows("all"))
ALL_GRANTS = Grants(frozenset({EVERYTHING}), _rows("all"))

ROLES: Mapping[str, Role] = {
    "owner": Role("Владелец", ALL_GRANTS),
    "head_of_sales": Role("Руководитель отдела продаж", Grants(frozenset(_SELL | _IMPORT | _LEAD), _rows("team"))),
    "sales_manager": Role("Менеджер по продажам", Grants(frozenset(_SELL), _rows("own"))),
    "accountant": Role("Бухгалтер", Grants(frozenset(_TASKS | _SEE_A_CLIENT | _ACCOUNT), _rows("all"))),
    "lawyer": Role("Юрист", Grants(frozenset(_TASKS | _SEE_A_CLIENT | {"reports.read"}), _rows("all"))),
    "marketer": Role(
        "Маркетолог",
        Grants(
            frozenset(_TASKS | _KNOW_A_CLIENT | {"deals.read", "leads.read", "messages.read", "reports.read"}),
            _rows("all"),
            masked=frozenset(MASKED),
        ),
    ),
    "clerk": Role(
        "Секретарь",
        Grants(
            frozenset(_TASKS | _IMPORT | _BOOK | _LEADS),
            _rows("all"),
        ),
    ),
    "auditor": Role("Аудитор", Grants(frozenset({READ_EVERYTHING}), _rows("all"))),
    "integration": Role("Интеграция", Grants(frozenset(_SEE_A_CLIENT | _IMPORT | _EXCHANGE), _rows("all"))),
}


def permits(role: str, permission: str) -> bool:
    return role in ROLES and ROLES[role].grants.may(permission)

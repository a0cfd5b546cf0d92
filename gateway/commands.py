"""What the gateway itself can be asked to do: users, roles and teams, sessions and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.roles import Scope
from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateUser:
    name: str
    role: str
    email: str = ""
    user_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeUserRole:
    user_id: str
    role: str


@dataclass(frozen=True, slots=True)
class DeactivateUser:
    user_id: str


@dataclass(frozen=True, slots=True)
class InviteUser:
    """The token is made by the handler and leaves the gateway once, in the answer."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AcceptInvitation:
    token: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    current_password: str = field(repr=False)
    new_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginSession:
    """`address` is where the request came from."""

    email: str
    password: str = field(repr=False)
    address: str = ""
    session_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class EndSession:
    session_id: str


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """`scopes` are the permissions the key has of those of its user; None is for all of them."""

    user_id: str
    name: str
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    key_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RotateApiKey:
    key_id: str


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    key_id: str


@dataclass(frozen=True, slots=True)
class CreateCalendarFeed:
    """Of the caller's own diary."""

    name: str
    feed_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RotateCalendarFeed:
    feed_id: str


@dataclass(frozen=True, slots=True)
class RevokeCalendarFeed:
    feed_id: str


@dataclass(frozen=True, slots=True)
class RoleFields:
    name: str
    permissions: tuple[str, ...]
    rows: Mapping[str, Scope]
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateRole:
    role_id: str
    fields: RoleFields


@dataclass(frozen=True, slots=True)
class ChangeRole:
    role_id: str
    fields: RoleFields


@dataclass(frozen=True, slots=True)
class CreateTeam:
    name: str
    members: tuple[str, ...]
    team_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeTeam:
    team_id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BeginBulk:
    items: Sequence[Mapping[str, Any]]
    bulk_id: str = field(default_factory=new_id)

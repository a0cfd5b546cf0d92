"""What happens to users, roles, teams, sessions and keys. A secret is never stored, only its hash.

What tells of a person is sealed with the key of that user, the address he came from too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.roles import Scope
from services.kernel.events import PersonalFields, PersonKey, event


def _sealed(*names: str) -> Callable[[Any], PersonalFields]:
    """These fields belong to the event's user; where he is unknown they are empty."""
    return lambda happened: {PersonKey(happened.user_id, "relation"): names} if happened.user_id else {}


@event("UserCreated", personal=_sealed("name", "email"))
@dataclass(frozen=True, slots=True)
class UserCreated:
    user_id: str
    role: str
    name: str | None = None
    email: str | None = None


@event("UserRoleChanged")
@dataclass(frozen=True, slots=True)
class UserRoleChanged:
    user_id: str
    role_before: str
    role_after: str


@event("UserDeactivated")
@dataclass(frozen=True, slots=True)
class UserDeactivated:
    user_id: str


@event("OwnersChanged")
@dataclass(frozen=True, slots=True)
class OwnersChanged:
    """All active owners, so that the last one is known for sure."""

    user_ids: tuple[str, ...]


@event("UserInvited")
@dataclass(frozen=True, slots=True)
class UserInvited:
    user_id: str
    token_hash: str
    expires_at: datetime


@event("PasswordSet", personal=_sealed("password_hash"))
@dataclass(frozen=True, slots=True)
class PasswordSet:
    """Ends the invitation it was set with, and every session begun before."""

    user_id: str
    password_hash: str | None = None


@event("SessionBegun", personal=_sealed("address"))
@dataclass(frozen=True, slots=True)
class SessionBegun:
    session_id: str
    user_id: str
    secret_hash: str
    expires_at: datetime
    address: str | None = None


@event("SessionUsed")
@dataclass(frozen=True, slots=True)
class SessionUsed:
    """Recorded once in a while, not with every request."""

    session_id: str


@event("SessionEnded")
@dataclass(frozen=True, slots=True)
class SessionEnded:
    session_id: str
    user_id: str


@event("LoginFailed", personal=_sealed("address"))
@dataclass(frozen=True, slots=True)
class LoginFailed:
    """`login_hash` stands for the e-mail address that was given, whether there is such a user or not."""

    login_hash: str
    user_id: str | None
    at: datetime
    address: str | None = None


@event("LoginSucceeded")
@dataclass(frozen=True, slots=True)
class LoginSucceeded:
    """After failures, which count no more."""

    login_hash: str
    user_id: str


@event("UserLockedOut")
@dataclass(frozen=True, slots=True)
class UserLockedOut:
    login_hash: str
    user_id: str | None
    until: datetime


@event("AddressFailed")
@dataclass(frozen=True, slots=True)
class AddressFailed:
    address_hash: str
    at: datetime


@event("AddressLockedOut")
@dataclass(frozen=True, slots=True)
class AddressLockedOut:
    address_hash: str
    until: datetime


@event("ApiKeyCreated")
@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    key_id: str
    user_id: str
    name: str
    secret_hash: str
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None


@event("ApiKeyRotated")
@dataclass(frozen=True, slots=True)
class ApiKeyRotated:
    """The former secret opens until `former_until`."""

    key_id: str
    secret_hash: str
    former_hash: str
    former_until: datetime


@event("ApiKeyUsed")
@dataclass(frozen=True, slots=True)
class ApiKeyUsed:
    """Recorded once in a while, not with every request."""

    key_id: str


@event("ApiKeyRevoked")
@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    key_id: str


@event("CalendarFeedCreated", personal=_sealed("name"))
@dataclass(frozen=True, slots=True)
class CalendarFeedCreated:
    feed_id: str
    user_id: str
    secret_hash: str
    name: str | None = None


@event("CalendarFeedRotated")
@dataclass(frozen=True, slots=True)
class CalendarFeedRotated:
    """The former secret opens nothing from then on."""

    feed_id: str
    user_id: str
    secret_hash: str


@event("CalendarFeedRevoked")
@dataclass(frozen=True, slots=True)
class CalendarFeedRevoked:
    feed_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class RoleFacts:
    name: str
    permissions: tuple[str, ...]
    rows: Mapping[str, Scope]
    masked: tuple[str, ...]


@event("RoleChanged")
@dataclass(frozen=True, slots=True)
class RoleChanged:
    """`before` is None where the role is new."""

    role_id: str
    after: RoleFacts
    before: RoleFacts | None = None


@event("TeamChanged")
@dataclass(frozen=True, slots=True)
class TeamChanged:
    """The names and members before are empty where the team is new."""

    team_id: str
    name: str
    members: tuple[str, ...]
    name_before: str
    members_before: tuple[str, ...]


@event("BulkBegun")
@dataclass(frozen=True, slots=True)
class BulkBegun:
    """So many operations came in one call; each has its own events where it is carried out."""

    bulk_id: str
    operations: int

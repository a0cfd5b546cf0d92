"""What happens to users and keys. A key's secret is never stored, only its hash."""

from dataclasses import dataclass

from services.kernel.events import PersonalFields, PersonKey, event


def _of_user(created: "UserCreated") -> PersonalFields:
    return {PersonKey(created.user_id, "relation"): ("name", "email")}


@event("UserCreated", personal=_of_user)
@dataclass(frozen=True, slots=True)
class UserCreated:
    user_id: str
    role: str
    name: str | None = None
    email: str | None = None


@event("UserDeactivated")
@dataclass(frozen=True, slots=True)
class UserDeactivated:
    user_id: str


@event("ApiKeyCreated")
@dataclass(frozen=True, slots=True)
class ApiKeyCreated:
    key_id: str
    user_id: str
    name: str
    secret_hash: str


@event("ApiKeyRevoked")
@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    key_id: str

"""A key to the API: `rk_<id>_<secret>`; the store knows only a hash of the secret."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from gateway.commands import CreateApiKey, RevokeApiKey
from gateway.domain.user import User
from gateway.events import ApiKeyCreated, ApiKeyRevoked
from services.kernel.errors import Refusal

PREFIX = "rk"


class UserInactive(Refusal):
    ru = "Пользователь отключён"
    en = "The user is deactivated"


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    active: bool


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SHA-256: the secret is 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def written(key_id: str, secret: str) -> str:
    return f"{PREFIX}_{key_id}_{secret}"


def read(presented: str) -> tuple[str, str] | None:
    """The id and the secret of a key as presented, or None where it has another form."""
    prefix, _, rest = presented.partition("_")
    key_id, _, secret = rest.partition("_")
    return (key_id, secret) if prefix == PREFIX and key_id and secret else None


def matches(secret: str, secret_hash: str) -> bool:
    return hmac.compare_digest(hash_of(secret), secret_hash)


def create_api_key(user: User, command: CreateApiKey, secret: str) -> list[ApiKeyCreated]:
    if not user.active:
        raise UserInactive
    return [ApiKeyCreated(command.key_id, command.user_id, command.name, hash_of(secret))]


def revoke_api_key(key: ApiKey, command: RevokeApiKey) -> list[ApiKeyRevoked]:
    return [ApiKeyRevoked(command.key_id)] if key.active else []


def evolve(key: ApiKey | None, event: ApiKeyCreated | ApiKeyRevoked) -> ApiKey:
    if isinstance(event, ApiKeyCreated):
        return ApiKey(event.key_id, active=True)
    assert key is not None
    return replace(key, active=False)

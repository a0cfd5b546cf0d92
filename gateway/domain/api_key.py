"""A key to the API: `rk_<id>_<secret>`; the store knows only a hash of the secret."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.commands import CreateApiKey, RevokeApiKey, RotateApiKey
from gateway.domain.secrets import hash_of
from gateway.domain.user import User
from gateway.events import ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated
from services.kernel.errors import Refusal

PREFIX = "rk"
# how long the former secret opens beside the new one
OVERLAP = timedelta(hours=24)
USED_EVERY = timedelta(hours=1)

Event = ApiKeyCreated | ApiKeyRotated | ApiKeyRevoked


class UserInactive(Refusal):
    ru = "Пользователь отключён"
    en = "The user is deactivated"


class KeyInactive(Refusal):
    ru = "Ключ отозван"
    en = "The key is revoked"


class ExpiryPassed(Refusal):
    status = 422
    ru = "Срок действия уже прошёл"
    en = "The expiry has passed already"


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    user_id: str
    secret_hash: str
    scopes: tuple[str, ...] | None
    active: bool


def create_api_key(user: User, command: CreateApiKey, secret: str, now: datetime) -> list[ApiKeyCreated]:
    if not user.active:
        raise UserInactive
    if command.expires_at is not None and command.expires_at <= now:
        raise ExpiryPassed.on("expires_at")
    scopes = None if command.scopes is None else tuple(sorted(set(command.scopes)))
    return [ApiKeyCreated(command.key_id, command.user_id, command.name, hash_of(secret), scopes, command.expires_at)]


def rotate_api_key(key: ApiKey, command: RotateApiKey, secret: str, now: datetime) -> list[ApiKeyRotated]:
    if not key.active:
        raise KeyInactive
    return [ApiKeyRotated(command.key_id, hash_of(secret), key.secret_hash, now + OVERLAP)]


def revoke_api_key(key: ApiKey, command: RevokeApiKey) -> list[ApiKeyRevoked]:
    return [ApiKeyRevoked(command.key_id)] if key.active else []


def evolve(key: ApiKey | None, event: Event) -> ApiKey:
    if isinstance(event, ApiKeyCreated):
        return ApiKey(event.key_id, event.user_id, event.secret_hash, event.scopes, active=True)
    assert key is not None
    if isinstance(event, ApiKeyRotated):
        return replace(key, secret_hash=event.secret_hash)
    return replace(key, active=False)

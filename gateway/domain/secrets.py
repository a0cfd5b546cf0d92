"""Secrets that are told once: 256 random bits, of which the store knows a hash."""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """SHA-256: the secret is 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, secret_hash: str) -> bool:
    return hmac.compare_digest(hash_of(secret), secret_hash)


def written(prefix: str, id: str, secret: str) -> str:
    return f"{prefix}_{id}_{secret}"


def read(prefix: str, presented: str) -> tuple[str, str] | None:
    """The id and the secret of what is presented, or None where it has another form."""
    first, _, rest = presented.partition("_")
    id, _, secret = rest.partition("_")
    return (id, secret) if first == prefix and id and secret else None

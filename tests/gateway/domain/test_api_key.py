from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.commands import CreateApiKey, RevokeApiKey, RotateApiKey
from gateway.domain import api_key as keys
from gateway.domain.secrets import hash_of
from gateway.domain.user import User
from gateway.events import ApiKeyCreated, ApiKeyRevoked, ApiKeyRotated

NOW = datetime(2026, 3, 2, tzinfo=UTC)
USER = User("u-1", "owner", active=True)
COMMAND = CreateApiKey("u-1", "обмен", key_id="k-1")
CREATED = ApiKeyCreated("k-1", "u-1", "обмен", "hash")


def test_a_key_is_stored_as_a_hash_of_its_secret():
    assert keys.create_api_key(USER, COMMAND, "secret", NOW) == [
        ApiKeyCreated("k-1", "u-1", "обмен", hash_of("secret"))
    ]


def test_scopes_are_kept_once_and_in_order():
    command = replace(COMMAND, scopes=("deals.read", "clients.read", "deals.read"))
    [created] = keys.create_api_key(USER, command, "secret", NOW)
    assert created.scopes == ("clients.read", "deals.read")


def test_an_expiry_lies_ahead():
    with pytest.raises(keys.ExpiryPassed):
        keys.create_api_key(USER, replace(COMMAND, expires_at=NOW), "secret", NOW)


def test_a_deactivated_user_gets_no_key():
    with pytest.raises(keys.UserInactive):
        keys.create_api_key(User("u-1", "owner", active=False), COMMAND, "secret", NOW)


def test_the_former_secret_opens_for_a_day_more():
    key = keys.evolve(None, CREATED)
    [rotated] = keys.rotate_api_key(key, RotateApiKey("k-1"), "new", NOW)
    assert rotated == ApiKeyRotated("k-1", hash_of("new"), "hash", NOW + timedelta(hours=24))
    assert keys.evolve(key, rotated).secret_hash == hash_of("new")


def test_a_revoked_key_is_not_rotated():
    with pytest.raises(keys.KeyInactive):
        keys.rotate_api_key(
            keys.evolve(keys.evolve(None, CREATED), ApiKeyRevoked("k-1")), RotateApiKey("k-1"), "new", NOW
        )


def test_a_key_is_revoked_once():
    key = keys.evolve(None, CREATED)
    assert key.active
    assert keys.revoke_api_key(key, RevokeApiKey("k-1")) == [ApiKeyRevoked("k-1")]
    assert keys.revoke_api_key(keys.evolve(key, ApiKeyRevoked("k-1")), RevokeApiKey("k-1")) == []

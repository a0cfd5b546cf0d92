import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commands import CreateApiKey, RevokeApiKey
from gateway.domain import api_key as keys
from gateway.domain.user import User
from gateway.events import ApiKeyCreated, ApiKeyRevoked

USER = User("u-1", "owner", active=True)
COMMAND = CreateApiKey("u-1", "обмен", key_id="k-1")


def test_a_key_is_stored_as_a_hash_of_its_secret():
    assert keys.create_api_key(USER, COMMAND, "secret") == [
        ApiKeyCreated("k-1", "u-1", "обмен", keys.hash_of("secret"))
    ]
    assert keys.matches("secret", keys.hash_of("secret"))
    assert not keys.matches("Secret", keys.hash_of("secret"))


def test_a_deactivated_user_gets_no_key():
    with pytest.raises(keys.UserInactive):
        keys.create_api_key(User("u-1", "owner", active=False), COMMAND, "secret")


def test_a_key_is_revoked_once():
    key = keys.evolve(None, ApiKeyCreated("k-1", "u-1", "обмен", "hash"))
    assert key.active
    assert keys.revoke_api_key(key, RevokeApiKey("k-1")) == [ApiKeyRevoked("k-1")]
    assert keys.revoke_api_key(keys.evolve(key, ApiKeyRevoked("k-1")), RevokeApiKey("k-1")) == []


def test_secrets_are_long_and_never_the_same():
    assert len({keys.new_secret() for _ in range(100)}) == 100
    assert len(keys.new_secret()) >= 43


@given(st.uuids().map(str), st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1))
def test_a_key_is_read_as_it_was_written(key_id, secret):
    assert keys.read(keys.written(key_id, secret)) == (key_id, secret)


@given(st.text() | st.sampled_from(["rk", "rk_", "rk__", "rk_a", "rk_a_", "rk__b", "ak_a_b"]))
def test_another_form_is_no_key(presented):
    assert keys.read(presented) is None or presented.startswith("rk_")

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain import secrets


def test_a_secret_is_kept_as_a_hash():
    assert secrets.matches("secret", secrets.hash_of("secret"))
    assert not secrets.matches("Secret", secrets.hash_of("secret"))


def test_secrets_are_long_and_never_the_same():
    assert len({secrets.new_secret() for _ in range(100)}) == 100
    assert len(secrets.new_secret()) >= 43


@given(st.uuids().map(str), st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1))
def test_what_was_written_is_read_by_its_prefix(id, secret):
    assert secrets.read("rk", secrets.written("rk", id, secret)) == (id, secret)
    assert secrets.read("rs", secrets.written("rk", id, secret)) is None


@given(st.text() | st.sampled_from(["rk", "rk_", "rk__", "rk_a", "rk_a_", "rk__b", "ak_a_b"]))
def test_another_form_is_nothing(presented):
    assert secrets.read("rk", presented) is None or presented.startswith("rk_")

"""Passwords as argon2id hashes, made and compared beside the loop that serves requests.

A hash takes a good part of a second and 64 MiB, so only a few are made at a time.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from eventlet import tpool
from eventlet.patcher import is_monkey_patched

from gateway.domain.secrets import new_secret
from services.kernel.errors import Refusal

AT_A_TIME = 2
LONGEST_WAIT = 5.0

T = TypeVar("T")
_hasher = PasswordHasher()
_seats = threading.BoundedSemaphore(AT_A_TIME)


class TooManyLogins(Refusal):
    status = 503
    ru = "Слишком много входов одновременно; повторите"
    en = "Too many logins at the same time; try again"


def hashed(password: str) -> str:
    return _apart(lambda: _hasher.hash(password))


def verified(password_hash: str | None, password: str) -> bool:
    """Takes as long where there is no hash: who asks does not learn whether there is one."""
    nobodys = _nobodys()
    return _apart(lambda: _is(password_hash or nobodys, password)) and password_hash is not None


def _is(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hashed(new_secret())


def _apart(work: Callable[[], T]) -> T:
    if not _seats.acquire(timeout=LONGEST_WAIT):
        raise TooManyLogins
    try:
        result: T = tpool.execute(work) if is_monkey_patched("thread") else work()
    finally:
        _seats.release()
    return result

"""Attempts to log in that failed: after some of them nobody may try for a while, and ever longer.

They are counted for the login that was given, whether there is such a user or not, and for
the address they came from.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.events import AddressFailed, AddressLockedOut, LoginFailed, LoginSucceeded, UserLockedOut
from services.kernel.errors import Refusal

# a whole office may share one address
FAILURES_OF_A_LOGIN, FAILURES_OF_AN_ADDRESS = 5, 50
SHORTEST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
FORGIVEN_AFTER = timedelta(hours=24)

Event = LoginFailed | UserLockedOut | LoginSucceeded | AddressFailed | AddressLockedOut


class TooManyAttempts(Refusal):
    status = 429
    ru = "Слишком много неудачных попыток входа; попробуйте позже"
    en = "Too many failed attempts to log in; try again later"


@dataclass(frozen=True, slots=True)
class Attempts:
    failures: int = 0
    locked_until: datetime | None = None
    last_at: datetime | None = None

    def failures_with(self, now: datetime) -> int:
        """The failures of late, one of now among them."""
        of_late = self.last_at is not None and now - self.last_at < FORGIVEN_AFTER
        return self.failures + 1 if of_late else 1


def refuse_while_locked(attempts: Attempts, now: datetime) -> None:
    if attempts.locked_until is not None and now < attempts.locked_until:
        raise TooManyAttempts(retry_after=math.ceil((attempts.locked_until - now).total_seconds()))


def locked_after(failures: int, allowed: int, now: datetime) -> datetime | None:
    """Until when nobody may try after so many failures."""
    if failures < allowed:
        return None
    doubled: int = 2 ** min(failures - allowed, 10)
    return now + min(SHORTEST_LOCK * doubled, LONGEST_LOCK)


def fail_login(
    attempts: Attempts, login_hash: str, user_id: str | None, address: str, now: datetime
) -> list[LoginFailed | UserLockedOut]:
    known_address = address if user_id and address else None
    failed = LoginFailed(login_hash, user_id, now, known_address)
    until = locked_after(attempts.failures_with(now), FAILURES_OF_A_LOGIN, now)
    return [failed, UserLockedOut(login_hash, user_id, until)] if until else [failed]


def fail_address(attempts: Attempts, address_hash: str, now: datetime) -> list[AddressFailed | AddressLockedOut]:
    until = locked_after(attempts.failures_with(now), FAILURES_OF_AN_ADDRESS, now)
    failed = AddressFailed(address_hash, now)
    return [failed, AddressLockedOut(address_hash, until)] if until else [failed]


def succeed(attempts: Attempts, login_hash: str, user_id: str) -> list[LoginSucceeded]:
    return [LoginSucceeded(login_hash, user_id)] if attempts.failures else []


def evolve(attempts: Attempts | None, event: Event) -> Attempts:
    state = attempts or Attempts()
    if isinstance(event, LoginSucceeded):
        return Attempts()
    if isinstance(event, (UserLockedOut, AddressLockedOut)):
        return replace(state, locked_until=event.until)
    return replace(state, failures=state.failures_with(event.at), last_at=event.at)

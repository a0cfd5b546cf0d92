from datetime import UTC, datetime, timedelta

import pytest

from gateway.domain import attempts as a
from gateway.events import AddressFailed, AddressLockedOut, LoginFailed, LoginSucceeded, UserLockedOut

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def after(failures: int) -> a.Attempts:
    state = a.Attempts()
    for _ in range(failures):
        state = a.evolve(state, LoginFailed("hash", None, NOW))
    return state


def test_the_first_failures_lock_nobody_out():
    assert a.fail_login(after(3), "hash", "u-1", "192.0.2.7", NOW) == [LoginFailed("hash", "u-1", NOW, "192.0.2.7")]
    a.refuse_while_locked(after(4), NOW)


@pytest.mark.parametrize(("failures", "minutes"), [(4, 1), (5, 2), (6, 4), (9, 32), (10, 60), (11, 60), (1000, 60)])
def test_each_further_failure_locks_for_longer_up_to_an_hour(failures, minutes):
    _, locked = a.fail_login(after(failures), "hash", "u-1", "", NOW)
    assert locked == UserLockedOut("hash", "u-1", NOW + timedelta(minutes=minutes))


def test_a_lock_is_over_at_its_time():
    locked = a.evolve(after(5), UserLockedOut("hash", None, NOW + timedelta(minutes=1)))
    with pytest.raises(a.TooManyAttempts):
        a.refuse_while_locked(locked, NOW + timedelta(seconds=59))
    a.refuse_while_locked(locked, NOW + timedelta(minutes=1))


def test_an_address_of_somebody_unknown_is_not_kept():
    [failed] = a.fail_login(a.Attempts(), "hash", None, "192.0.2.7", NOW)
    assert failed == LoginFailed("hash", None, NOW)


def test_a_success_and_a_day_without_failures_forgive():
    assert a.succeed(after(3), "hash", "u-1") == [LoginSucceeded("hash", "u-1")]
    assert a.succeed(a.Attempts(), "hash", "u-1") == []
    assert a.evolve(after(3), LoginSucceeded("hash", "u-1")) == a.Attempts()
    tomorrow = NOW + timedelta(hours=24)
    assert len(a.fail_login(after(4), "hash", None, "", tomorrow)) == 1
    assert a.evolve(after(4), LoginFailed("hash", None, tomorrow)).failures == 1


def test_many_failures_lock_an_address():
    state = a.Attempts()
    for _ in range(49):
        state = a.evolve(state, AddressFailed("hash", NOW))
    _, locked = a.fail_address(state, "hash", NOW)
    assert locked == AddressLockedOut("hash", NOW + timedelta(minutes=1))
    assert a.evolve(state, locked).locked_until == locked.until

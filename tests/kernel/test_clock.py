from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel import clock

MOSCOW = timezone(timedelta(hours=3))


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


@given(st.datetimes(timezones=st.sampled_from([UTC, MOSCOW])))
def test_a_time_comes_back_from_microseconds_to_the_last(moment):
    assert clock.from_micros(clock.to_micros(moment)) == moment
    assert clock.from_micros(clock.to_micros(moment)).tzinfo is UTC


@given(st.datetimes(timezones=st.sampled_from([UTC, MOSCOW]), min_value=datetime(1000, 1, 2)))
def test_a_time_comes_back_from_text(moment):
    assert clock.from_iso(clock.to_iso(moment)) == moment


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)), st.timedeltas(min_value=timedelta(0)))
def test_texts_sort_as_times_do(moment, later):
    try:
        after = moment + later
    except OverflowError:
        return
    assert (clock.to_iso(moment) <= clock.to_iso(after)) is True


def test_text_is_utc_with_microseconds():
    assert clock.to_iso(datetime(2026, 3, 1, 2, 0, tzinfo=MOSCOW)) == "2026-02-28T23:00:00.000000Z"


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00", "2026-03-01", "", "now"])
def test_a_text_without_an_offset_is_refused(text):
    with pytest.raises(ValueError):
        clock.from_iso(text)


def test_a_naive_time_is_refused():
    with pytest.raises(TypeError):
        clock.to_micros(datetime(2026, 3, 1))

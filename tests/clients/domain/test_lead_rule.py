"""Whose turn it is."""

import pytest

from services.clients.domain.lead_rule import next_in_turn


@pytest.mark.parametrize(
    ("last", "order"),
    [(None, "abc"), ("a", "bca"), ("b", "cab"), ("c", "abc"), ("gone", "abc")],
)
def test_after_whose_turn_it_was_comes_the_next_and_after_the_last_the_first(last, order):
    assert "".join(next_in_turn("abc", last)) == order


def test_of_nobody_nobody_is_next():
    assert next_in_turn([], "a") == []

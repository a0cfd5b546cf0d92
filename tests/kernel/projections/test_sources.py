"""Where projections read: a source that many follow is read once."""

import pytest

from services.kernel.projections import sources
from services.kernel.projections.sources import Batch, Shared, Undecodable


class Counted:
    """A source of numbered messages that counts how often it is read."""

    name = "counted"

    def __init__(self, messages=()):
        self.messages = [Undecodable(number, "one", "Named", ValueError()) for number in messages]
        self.reads = 0
        self.away = False

    def head(self):
        return len(self.messages)

    def wait(self, above, timeout):
        return self.head() > above

    def read(self, position, limit):
        if self.away:
            raise OSError
        self.reads += 1
        found = self.messages[position : position + limit]
        return Batch(found, position + len(found))


def test_what_is_new_is_read_once_for_all_who_follow():
    source = Counted([1, 2, 3])
    shared = Shared(source)
    assert [shared.read(0, 500) for _ in range(5)] == [Batch(source.messages, 3)] * 5
    assert source.reads == 1


def test_who_stands_elsewhere_or_asks_for_less_gets_his_own():
    shared = Shared(Counted([1, 2, 3]))
    assert shared.read(0, 500).end == 3
    assert shared.read(1, 500).messages == shared.read(0, 500).messages[1:]
    assert shared.read(0, 1).end == 1


def test_that_there_is_nothing_yet_is_not_remembered():
    source = Counted()
    shared = Shared(source)
    assert shared.read(0, 500) == Batch([], 0)
    source.messages += Counted([1]).messages
    assert shared.read(0, 500).end == 1


def test_what_was_read_is_not_kept_for_long(monkeypatch):
    monkeypatch.setattr(sources, "KEPT_SECONDS", -1.0)
    source = Counted([1])
    shared = Shared(source)
    shared.read(0, 500)
    shared.read(0, 500)
    assert source.reads == 2


def test_a_source_that_cannot_be_read_is_asked_again():
    source = Counted([1])
    shared = Shared(source)
    source.away = True
    with pytest.raises(OSError):
        shared.read(0, 500)
    source.away = False
    assert shared.read(0, 500).end == 1

"""Appends gathered in one batch are judged one by one, in order of arrival."""

from dataclasses import replace

import pytest

from services.kernel.store.claims import (
    ANY_VERSION,
    AlreadyDone,
    Appended,
    CheckpointMove,
    CheckpointMoved,
    KeyTaken,
    StreamEvents,
    VersionConflict,
)
from services.kernel.store.postgres import PostgresBatches
from services.kernel.store.verify import verify
from tests.kernel.store.samples import CONTEXT, Noted, Opened, adding, assert_dense, inn, numbers, on, one, record
from tests.kernel.store.together import together


@pytest.fixture
def store(store):
    """A store that has written before, so that on PostgreSQL the quick way is tried first."""
    store.append(one("begun:1", 0, claim=[inn("taken")], idempotency=record("done")))
    return store


def kinds(results):
    return [type(result) for result in results]


def test_all_admitted_are_written_in_order_of_arrival(store):
    results = together(store, [one(f"a:{n}", 0, n, claim=[inn(str(n))], idempotency=record(str(n))) for n in range(40)])
    assert [result.position for result in results] == list(range(2, 42))
    assert all(result.versions == {f"a:{n}": 1} for n, result in enumerate(results))
    assert [e.event.n for e in store.read_after(1)] == list(range(40))
    assert store.done("principal", "7").position == 9
    assert verify(store) is None


def test_the_quick_way_takes_a_batch_that_builds_on_itself(store, monkeypatch):
    if not store.database.is_sqlite:
        monkeypatch.setattr(PostgresBatches, "_carefully", None)
    results = together(
        store,
        [
            one("a:1", 0, 1),
            adding(on("a:1", 1, Opened(2), Noted(3)), StreamEvents("begun:1", 1)),
            one("a:1", 3, 4, claim=[inn("a")]),
            adding(StreamEvents("a:1", 4)),
        ],
    )
    assert [result.versions for result in results] == [{"a:1": 1}, {"a:1": 3, "begun:1": 1}, {"a:1": 4}, {"a:1": 4}]
    assert [result.position for result in results] == [2, 4, 5, 5]


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (one("begun:1", 0), VersionConflict),
        (one("begun:1", 5), VersionConflict),
        (one("begun:1", 2**70), VersionConflict),
        (one("b:1", 0, claim=[inn("taken")]), KeyTaken),
        (one("b:1", 0, idempotency=record("done")), AlreadyDone),
        (one("b:1", 0, checkpoint=CheckpointMove("c", 3, 4)), CheckpointMoved),
        (one("b:1", 0, release=[inn("taken")]), KeyTaken),
        (adding(StreamEvents("begun:1", 0)), VersionConflict),
        (adding(on("b:1", 0, Opened(1)), StreamEvents("begun:1", 2)), VersionConflict),
    ],
)
def test_a_failed_claim_refuses_only_its_own_append(store, bad, kind):
    results = together(store, [one("a:1", 0, 1), bad, one("a:2", 0, 2, claim=[inn("2")]), one("a:1", 1, 3)])
    assert kinds(results) == [Appended, kind, Appended, Appended]
    assert [e.event.n for e in store.read_after(1)] == [1, 2, 3]
    assert store.read_stream("b:1") == []
    assert verify(store) is None


def test_of_rivals_in_one_batch_the_first_wins(store):
    results = together(
        store,
        [
            one("a:1", 0, 1, claim=[inn("k")], idempotency=record("same", "first")),
            one("a:1", 0, 2),
            one("a:2", 0, 3, claim=[inn("k")]),
            one("a:3", 0, 4, idempotency=record("same", "second")),
            one("a:1", ANY_VERSION, 5, checkpoint=CheckpointMove("c", 0, 1)),
            one("a:4", 0, 6, checkpoint=CheckpointMove("c", 0, 2)),
        ],
    )
    assert kinds(results) == [Appended, VersionConflict, KeyTaken, AlreadyDone, Appended, CheckpointMoved]
    assert numbers(store, "a:1") == [1, 5]
    assert results[3].record.resource == "first"
    assert (store.owner(inn("k")), store.checkpoint("c")) == ("a:1", 1)
    assert assert_dense(store) == 3


def test_keys_pass_from_hand_to_hand_in_one_batch(store):
    results = together(
        store,
        [
            one("a:1", 0, claim=[inn("k"), inn("l")]),
            one("a:1", 1, release=[inn("k")]),
            one("a:2", 0, claim=[inn("k")]),
            one("a:3", 0, claim=[inn("k")]),
            one("a:2", 1, release=[inn("k")]),
            one("a:3", 0, claim=[inn("k")]),
            one("begun:1", 1, release=[inn("taken")]),
            one("a:4", 0, claim=[inn("taken")]),
        ],
    )
    assert kinds(results) == [Appended, Appended, Appended, KeyTaken, Appended, Appended, Appended, Appended]
    assert [store.owner(inn(key)) for key in ("k", "l", "taken")] == ["a:3", "a:1", "a:4"]


def test_an_append_that_no_database_takes_fails_alone(store):
    bad = replace(one("a:2", 0), context=replace(CONTEXT, actor="\ud800"))
    results = together(store, [one("a:1", 0, 1), bad, one("a:3", 0, 3)])
    assert kinds(results) == [Appended, UnicodeEncodeError, Appended]
    assert assert_dense(store) == 3
    assert store.read_stream("a:2") == []


def test_an_append_that_only_the_server_refuses_fails_alone(store):
    """The unique index takes about 2,700 bytes on PostgreSQL; SQLite takes all of it."""
    incompressible = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(5000))
    bad = one(f"a:{incompressible}", 0)
    results = together(store, [one("a:1", 0, 1), bad, one("a:3", 0, 3)])
    assert kinds(results)[::2] == [Appended, Appended]
    assert isinstance(results[1], Appended) == store.database.is_sqlite
    assert_dense(store)
    store.append(one("a:4", 0))


def test_a_batch_meets_the_appends_of_another_replica(store, replica):
    replica.append(one("a:1", 0, 1))
    results = together(store, [one("a:1", 0, 2), one("a:2", 0, 3)])
    assert kinds(results) == [VersionConflict, Appended]
    assert replica.append(one("a:2", 1, 4)).position == 4
    assert verify(store) is None

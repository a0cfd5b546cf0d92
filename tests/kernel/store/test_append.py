from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.events import UnknownEventType, event
from services.kernel.store.claims import (
    ANY_VERSION,
    AlreadyDone,
    CheckpointMove,
    CheckpointMoved,
    Done,
    Key,
    KeyTaken,
    StreamEvents,
    VersionConflict,
)
from tests.kernel.store.samples import Noted, Opened, adding, inn, numbers, on, one, record


def refused(store, kind, append):
    """Asserts that the append is refused and leaves nothing behind; the refusal."""
    head = store.head()
    with pytest.raises(kind) as caught:
        store.append(append)
    assert store.head() == head
    return caught.value


def test_an_append_tells_where_it_landed(store):
    appended = store.append(adding(on("a:1", 0, Opened(1), Opened(2)), on("b:1", 0, Noted(3))))
    assert (appended.position, appended.versions) == (3, {"a:1": 2, "b:1": 1})
    assert [(e.position, e.stream, e.version, e.event) for e in store.read_after(0)] == [
        (1, "a:1", 1, Opened(1)),
        (2, "a:1", 2, Opened(2)),
        (3, "b:1", 1, Noted(3)),
    ]


def test_an_event_carries_its_circumstances(store):
    happened = datetime(2026, 2, 27, tzinfo=UTC)
    before = clock.now()
    store.append(one("a:1", 0, occurred_at=happened))
    store.append(one("a:1", 1))
    first, second = store.read_stream("a:1")
    assert (first.actor, first.correlation_id, first.causation_id) == ("actor", "correlation", "cause")
    assert first.subject == "1"
    assert first.occurred_at == happened
    assert before <= first.recorded_at <= clock.now()
    assert second.occurred_at == second.recorded_at


@pytest.mark.parametrize("expected", [0, 1, 3, 7, 2**31, 2**63, 10**30, -2])
def test_a_stream_that_stands_elsewhere_refuses(store, expected):
    store.append(adding(on("a:1", 0, Opened(1), Opened(2))))
    conflict = refused(store, VersionConflict, one("a:1", expected))
    assert (conflict.stream, conflict.expected, conflict.actual) == ("a:1", expected, 2)


def test_a_version_of_a_stream_that_never_began_refuses(store):
    assert refused(store, VersionConflict, one("a:1", 1)).actual == 0


def test_any_version_adds_wherever_the_stream_stands(store):
    for n in range(3):
        assert store.append(one("a:1", ANY_VERSION, n)).versions == {"a:1": n + 1}
    assert numbers(store, "a:1") == [0, 1, 2]


def test_a_version_may_be_demanded_without_adding(store):
    store.append(one("a:1", 0))
    appended = store.append(adding(on("b:1", 0, Opened(2)), StreamEvents("a:1", 1)))
    assert appended.versions == {"b:1": 1, "a:1": 1}
    refused(store, VersionConflict, adding(on("b:1", 1, Opened(3)), StreamEvents("a:1", 0)))


def test_demands_alone_write_nothing(store):
    store.append(one("a:1", 0))
    appended = store.append(adding(StreamEvents("a:1", 1), StreamEvents("b:1", 0)))
    assert (appended.position, appended.versions) == (1, {"a:1": 1, "b:1": 0})
    assert store.head().position == 1


def test_several_streams_are_added_to_together_or_not_at_all(store):
    store.append(one("a:1", 0))
    refused(store, VersionConflict, adding(on("b:1", 0, Opened(1)), on("a:1", 0, Opened(2)), on("c:1", 0, Opened(3))))
    assert store.read_stream("b:1") == []
    assert store.append(adding(on("b:1", 0, Opened(1)), on("a:1", 1, Opened(2)))).versions == {"b:1": 1, "a:1": 2}


def test_a_stream_named_twice_must_stand_where_both_say(store):
    appended = store.append(adding(on("a:1", 0, Opened(1)), on("a:1", 0, Opened(2))))
    assert appended.versions == {"a:1": 2}
    refused(store, VersionConflict, adding(on("a:1", 2, Opened(3)), on("a:1", 3, Opened(4))))


def test_a_key_has_one_owner(store):
    store.append(one("a:1", 0, claim=[inn("7707083893")]))
    assert store.owner(inn("7707083893")) == "a:1"
    taken = refused(store, KeyTaken, one("a:2", 0, claim=[inn("7736050003"), inn("7707083893")]))
    assert (taken.key, taken.stream) == (inn("7707083893"), "a:1")
    assert store.owner(inn("7736050003")) is None
    refused(store, KeyTaken, one("a:1", 1, claim=[inn("7707083893")]))


def test_the_same_key_in_two_scopes_is_two_keys(store):
    store.append(one("a:1", 0, claim=[Key("inn", "1"), Key("phone", "1")]))
    store.append(one("a:1", 1, release=[Key("inn", "1")]))
    assert store.owner(Key("phone", "1")) == "a:1"


def test_a_key_given_back_is_free(store):
    store.append(one("a:1", 0, claim=[inn("1")]))
    store.append(one("a:1", 1, release=[inn("1"), inn("never claimed")]))
    assert store.owner(inn("1")) is None
    store.append(one("a:2", 0, claim=[inn("1")]))
    assert store.owner(inn("1")) == "a:2"


def test_a_key_passes_from_stream_to_stream(store):
    store.append(one("a:1", 0, claim=[inn("1")]))
    store.append(adding(on("a:2", 0, Opened(1)), StreamEvents("a:1", 1), release=[inn("1")], claim=[inn("1")]))
    assert store.owner(inn("1")) == "a:2"


def test_nobody_gives_back_the_key_of_another(store):
    store.append(one("a:1", 0, claim=[inn("1")]))
    refused(store, KeyTaken, one("a:2", 0, release=[inn("1")]))
    refused(store, KeyTaken, one("a:2", 0, release=[inn("1")], claim=[inn("1")]))
    assert store.owner(inn("1")) == "a:1"


def test_a_key_claimed_twice_in_one_append_is_claimed_once(store):
    store.append(one("a:1", 0, claim=[inn("1"), inn("1")]))
    assert store.owner(inn("1")) == "a:1"


def test_a_repeated_command_is_recognised(store):
    assert store.done("principal", "k") is None
    store.append(adding(on("a:1", 0, Opened(1), Opened(2)), idempotency=record("k", "1", "hash")))
    done = Done("hash", "1", 2, 2)
    assert store.done("principal", "k") == done
    assert store.done("another", "k") is None
    assert refused(store, AlreadyDone, one("a:2", 0, idempotency=record("k"))).record == done


def test_a_repetition_is_recognised_before_its_version_is_found_stale(store):
    command = one("a:1", 0, claim=[inn("1")], idempotency=record("k"))
    store.append(command)
    assert refused(store, AlreadyDone, command).record.version == 1


def test_a_refused_command_leaves_no_record(store):
    store.append(one("a:1", 0))
    refused(store, VersionConflict, one("a:1", 0, idempotency=record("k")))
    assert store.done("principal", "k") is None
    store.append(one("a:1", 1, idempotency=record("k")))


def test_a_command_without_events_is_recorded_too(store):
    store.append(one("a:1", 0))
    appended = store.append(adding(StreamEvents("a:1", 1), idempotency=record("k")))
    assert store.done("principal", "k") == Done("h", "r", 1, appended.position)


def test_a_checkpoint_moves_by_compare_and_set(store):
    assert store.checkpoint("c") == 0
    store.append(one("a:1", 0, checkpoint=CheckpointMove("c", 0, 5)))
    moved = refused(store, CheckpointMoved, one("a:1", 1, checkpoint=CheckpointMove("c", 0, 6)))
    assert (moved.name, moved.old, moved.actual) == ("c", 0, 5)
    store.move_checkpoint(CheckpointMove("c", 5, 7))
    with pytest.raises(CheckpointMoved):
        store.move_checkpoint(CheckpointMove("c", 5, 8))
    with pytest.raises(CheckpointMoved):
        store.move_checkpoint(CheckpointMove("never moved", 1, 2))
    assert (store.checkpoint("c"), store.checkpoint("never moved"), store.checkpoint("d")) == (7, 0, 0)


def test_claims_without_events_are_kept(store):
    store.append(adding(claim=[inn("1")], checkpoint=CheckpointMove("c", 0, 5)))
    assert store.owner(inn("1")) == ""
    assert store.checkpoint("c") == 5
    refused(store, KeyTaken, one("a:1", 0, claim=[inn("1")]))


def test_a_refusal_by_any_claim_takes_back_all_of_them(store):
    store.append(one("a:1", 0, claim=[inn("1")]))
    claims: dict[str, Any] = {"claim": [inn("2")], "release": [inn("1")], "idempotency": record("k")}
    refused(store, CheckpointMoved, one("a:1", 1, checkpoint=CheckpointMove("c", 1, 2), **claims))
    assert store.owner(inn("2")) is None
    assert store.owner(inn("1")) == "a:1"
    assert store.done("principal", "k") is None


def test_another_replica_is_seen_at_once(store, replica):
    for n in range(6):
        writer = (store, replica)[n % 2]
        assert writer.append(one("a:1", n, n)).position == n + 1
    assert numbers(store, "a:1") == numbers(replica, "a:1") == list(range(6))
    refused(store, VersionConflict, one("a:1", 5))


def test_an_append_of_any_size_is_written(store):
    events = [Opened(n) for n in range(3000)]
    keys = [inn(str(n)) for n in range(20_000)]
    store.append(adding(on("a:1", 0, *events), claim=keys))
    assert store.head().position == 3000
    assert store.owner(inn("19999")) == "a:1"
    store.append(adding(*[on(f"b:{n}", 0, Opened(n)) for n in range(6000)], StreamEvents("a:1", 3000), release=keys))
    assert store.owner(inn("0")) is None


def test_an_event_of_another_service_is_refused(store):
    @event("Opened")
    @dataclass(frozen=True)
    class OpenedElsewhere:
        n: int

    with pytest.raises(UnknownEventType):
        store.append(adding(on("a:1", 0, OpenedElsewhere(1))))


def test_a_naive_time_is_refused(store):
    with pytest.raises(TypeError):
        store.append(one("a:1", 0, occurred_at=datetime(2026, 1, 1)))
    store.append(one("a:1", 0))


def test_recorded_times_never_run_back(store, monkeypatch):
    store.append(one("a:1", 0))
    past = clock.now() - timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: past)
    store.append(one("a:1", 1))
    first, second = store.read_stream("a:1")
    assert second.recorded == first.recorded
    assert store.head().recorded == first.recorded


def test_appends_are_told_to_who_waits(store):
    assert not store.appended.wait(0, timeout=0)
    store.append(adding(on("a:1", 0, Opened(1), Opened(2))))
    assert store.appended.value == 2
    assert store.appended.wait(1, timeout=0)


def test_strings_of_all_kinds_come_back(store):
    text = "Ёлка «₽» \\ ' \" \x00 %s :name \U0001f384"
    store.append(adding(on("a:' %s", 0, Opened(1, text)), idempotency=record("' %s")))
    assert store.read_stream("a:' %s")[0].event.text == text
    assert store.done("principal", "' %s")

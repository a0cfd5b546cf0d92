"""The received log: in order, once, without holes, whatever the broker does with the messages."""

import json
import threading
from itertools import count, pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.database import Database
from services.kernel.message import InvalidEnvelope, Message
from services.kernel.received import (
    ReceivedLog,
    SourceBehind,
    SourceForked,
    SourcePosition,
    check_fit,
    check_head,
    received,
)
from services.kernel.store.store import Epoch
from tests.kernel.messaging import message, tail, together

FIRST = Epoch("e1", 0)


@pytest.fixture
def log(any_database):
    database = Database(any_database)
    yield ReceivedLog(database)
    database.close()


def positions(log: ReceivedLog) -> list[int]:
    return [each.position for each in log.after("samples", 0)]


def test_messages_are_kept_in_order_with_the_checkpoint(log):
    receipt = log.receive("samples", [message(1), message(2)])
    assert (receipt.new, receipt.position, receipt.missing) == (2, SourcePosition("e1", 2), False)
    assert log.checkpoint("samples") == SourcePosition("e1", 2)
    assert log.after("samples", 0) == [message(1), message(2)]
    assert log.after("samples", 1) == [message(2)]


def test_what_was_received_before_is_dropped(log):
    log.receive("samples", [message(1), message(2)])
    receipt = log.receive("samples", [message(1), message(2), message(2), message(3)])
    assert receipt.new == 1
    assert positions(log) == [1, 2, 3]


def test_a_gap_ends_what_is_taken(log):
    receipt = log.receive("samples", [message(1), message(2), message(4), message(5)])
    assert receipt.missing
    assert receipt.position.position == 2
    assert positions(log) == [1, 2]


def test_private_events_between_public_ones_are_no_gap(log):
    assert not log.receive("samples", [message(3, 0), message(7, 3)]).missing
    assert positions(log) == [3, 7]


def test_a_tail_mark_moves_the_checkpoint_and_is_no_message(log):
    receipt = log.receive("samples", [message(1), tail(5, 1), message(6, 1)])
    assert (receipt.new, receipt.position.position, receipt.missing) == (2, 6, False)
    assert positions(log) == [1, 6]


def test_a_tail_mark_with_a_public_event_missing_before_it_is_a_gap(log):
    assert log.receive("samples", [message(1), tail(5, 3)]).missing
    assert log.head("samples") == 1


def test_a_source_never_heard_stands_at_its_beginning(log):
    assert log.checkpoint("samples") == SourcePosition("", 0)
    assert log.heads() == {}


def test_sources_are_apart(log):
    log.receive("samples", [message(1)])
    log.receive("others", [message(1, source="others"), message(2, source="others")])
    assert log.heads() == {"samples": SourcePosition("e1", 1), "others": SourcePosition("e1", 2)}
    assert positions(log) == [1]


def test_a_page_can_be_limited_and_of_some_types_only(log):
    log.receive("samples", [message(1), message(2, type="Met"), message(3), message(4, type="Met")])
    assert [m.position for m in log.after("samples", 0, limit=3)] == [1, 2, 3]
    assert [m.position for m in log.after("samples", 0, limit=1, types=["Met"])] == [2]


def test_a_transaction_that_fails_leaves_neither_messages_nor_the_checkpoint(log):
    log.receive("samples", [message(1)])
    with log._database.write() as connection:
        values = {"id": "x", "type": "x", "subject": "x", "recorded_at": 0, "body": "{}"}
        connection.execute(sa.insert(received).values(source="samples", position=3, **values))
    with pytest.raises(sa.exc.IntegrityError):
        log.receive("samples", [message(2), message(3)])
    assert log.head("samples") == 1
    assert log.received("samples").value == 1


def test_whoever_waits_for_a_source_is_woken(log):
    signal = log.received("samples")
    assert not signal.wait(0, 0)
    log.receive("samples", [message(1), tail(4, 1)])
    assert signal.wait(3, 0)


def test_what_another_replica_received_is_noticed(log, any_database):
    replica = ReceivedLog(Database(any_database))
    assert replica.received("samples").value == 0
    log.receive("samples", [message(1)])
    replica.look("samples")
    assert replica.received("samples").value == (0 if replica._database.is_sqlite else 1)
    replica._database.close()


def test_two_replicas_that_receive_the_same_keep_it_once(log, any_database):
    replica = ReceivedLog(Database(any_database))
    batches = [[message(n) for n in range(start, start + 20)] for start in range(1, 100, 10)]

    def receive(into: ReceivedLog) -> None:
        for batch in batches:
            while True:
                try:
                    into.receive("samples", batch)
                    break
                except sa.exc.IntegrityError:  # both were the first: the consumer repeats
                    continue

    together(lambda: receive(log), lambda: receive(replica))
    assert positions(log) == list(range(1, 111))
    replica._database.close()


class TestEpochs:
    """The source was restored, or has lost its tail, and went on in another epoch."""

    def test_a_message_of_another_epoch_waits_for_the_lineage(self, log):
        log.receive("samples", [message(1)])
        assert log.receive("samples", [message(2, epoch="e2")]).missing
        assert log.head("samples") == 1

    def test_an_epoch_that_goes_on_from_what_was_read_is_read_on(self, log):
        log.receive("samples", [message(1), message(2)])
        receipt = log.receive("samples", [message(3, epoch="e2")], [FIRST, Epoch("e2", 2)])
        assert receipt.position == SourcePosition("e2", 3)

    def test_an_epoch_that_began_before_what_was_read_is_a_fork(self, log):
        log.receive("samples", [message(1), message(2)])
        with pytest.raises(SourceForked):
            log.receive("samples", [message(3, 1, epoch="e2")], [FIRST, Epoch("e2", 1)])
        assert positions(log) == [1, 2]

    def test_an_epoch_nobody_knows_is_a_fork(self, log):
        log.receive("samples", [message(1)])
        with pytest.raises(SourceForked):
            log.receive("samples", [message(2, epoch="e9")], [FIRST, Epoch("e2", 1)])

    def test_several_epochs_in_one_page_are_read_through(self, log):
        lineage = [FIRST, Epoch("e2", 2), Epoch("e3", 3)]
        page = [message(1), message(2), message(3, epoch="e2"), message(4, epoch="e3")]
        assert log.receive("samples", page, lineage).position == SourcePosition("e3", 4)

    def test_what_is_left_of_an_epoch_given_up_is_not_taken(self, log):
        log.receive("samples", [message(1)])
        log.receive("samples", [message(2, epoch="e2")], [FIRST, Epoch("e2", 1)])
        assert log.receive("samples", [message(3, 2, epoch="e1")]).missing
        assert log.head("samples") == 2

    @pytest.mark.parametrize(
        ("at", "head", "lineage"),
        [
            (SourcePosition("", 0), 0, [FIRST]),
            (SourcePosition("e1", 5), 5, [FIRST]),
            (SourcePosition("e1", 5), 7, [FIRST, Epoch("e2", 5)]),
            (SourcePosition("e1", 5), 7, [FIRST, Epoch("e2", 6), Epoch("e3", 6)]),
        ],
    )
    def test_a_source_that_has_what_was_read_of_it_is_read_on(self, at, head, lineage):
        check_head("samples", at, head, lineage)

    @pytest.mark.parametrize(
        ("at", "head", "lineage", "trouble"),
        [
            (SourcePosition("e1", 5), 4, [FIRST], SourceBehind),
            (SourcePosition("e1", 5), 9, [FIRST, Epoch("e2", 4)], SourceForked),
            (SourcePosition("e1", 5), 9, [FIRST, Epoch("e2", 7), Epoch("e3", 4)], SourceForked),
            (SourcePosition("e2", 5), 9, [FIRST], SourceForked),
        ],
    )
    def test_a_source_that_has_another_history_is_refused(self, at, head, lineage, trouble):
        with pytest.raises(trouble):
            check_head("samples", at, head, lineage)


public = st.lists(st.booleans(), min_size=1, max_size=40)


def history(kinds: list[bool]) -> list[Message]:
    """The messages of a source whose events are public or private in this order."""
    at = [position for position, is_public in enumerate(kinds, 1) if is_public]
    messages = [message(position, previous) for previous, position in pairwise([0, *at])]
    last = at[-1] if at else 0
    return messages if last == len(kinds) else [*messages, tail(len(kinds), last)]


examples = count()


@pytest.fixture(scope="module")
def sqlite_log(tmp_path_factory):
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('log')}/events.db")
    yield ReceivedLog(database)
    database.close()


@settings(deadline=None)
@given(kinds=public, data=st.data())
def test_however_deliveries_are_lost_repeated_and_mixed_the_log_is_the_sources(sqlite_log, kinds, data):
    log, source, told = sqlite_log, f"source-{next(examples)}", history(kinds)
    for batch in data.draw(st.lists(st.lists(st.sampled_from(told), max_size=6), max_size=12)):
        if log.receive(source, batch).missing and data.draw(st.booleans()):
            log.receive(source, [m for m in told if m.position > log.head(source)][:3], [FIRST])
        heard = log.after(source, 0)
        assert heard == [m for m in told if not m.is_tail and m.position <= log.head(source)]
    log.receive(source, [m for m in told if m.position > log.head(source)])
    assert log.head(source) == len(kinds)
    assert log.after(source, 0) == [m for m in told if not m.is_tail]


names = st.text(st.characters(codec="utf-8"), max_size=600)
numbers = st.integers(-(2**70), 2**70)


@pytest.fixture(scope="module")
def postgres_log(module_database):
    database = Database(module_database)
    yield ReceivedLog(database)
    database.close()


@settings(deadline=None)
@given(fields=st.fixed_dictionaries({"id": names, "type": names, "subject": names, "epoch": names}), at=numbers)
def test_every_envelope_that_is_not_refused_can_be_kept(postgres_log, fields, at):
    body = json.dumps(message(1).to_dict() | fields | {"position": str(at)})
    try:
        envelope = check_fit(Message.from_json(body))
    except InvalidEnvelope:
        return
    with postgres_log._database.write() as connection:
        connection.execute(sa.text("TRUNCATE store.received, store.sources"))
    postgres_log.receive("samples", [envelope])
    assert postgres_log.head("samples") == at


@pytest.mark.parametrize(
    "envelope",
    [message(1, id="a\0b"), message(1, subject="s" * 501), message(2**63, 1), message(3, 3), message(3, -1)],
    ids=["zero", "long", "beyond", "itself", "negative"],
)
def test_what_no_database_can_hold_is_no_envelope(envelope):
    with pytest.raises(InvalidEnvelope):
        check_fit(envelope)


def test_a_reader_waits_for_any_source_and_is_woken_once_it_goes_on(log):
    known = log.heads()
    assert log.wait_beyond(known, 0.05) == known
    thread = threading.Timer(0.1, lambda: log.receive("samples", [message(1)]))
    thread.start()
    heads = log.wait_beyond(known, 20)
    thread.join()
    assert heads["samples"].position == 1
    assert log.wait_beyond(known, 20) == heads


def test_a_page_is_narrowed_by_positions_types_and_subject(log):
    log.receive("samples", [message(n) for n in range(1, 6)])
    found = log.page("samples", 1, 4, 2)
    assert [kept.position for kept in found] == [2, 3]
    assert [kept.position for kept in log.page("samples", 1, 4, 10)] == [2, 3, 4]
    assert log.page("samples", 0, 5, 10, types=["Nothing"]) == []
    assert log.page("samples", 0, 5, 10, subject="nobody") == []
    first = Message.from_json(found[0].body)
    assert log.page("samples", 1, 4, 1, types=[first.type], subject=first.subject)[0] == found[0]

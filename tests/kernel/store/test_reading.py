import pytest

from services.kernel.events import PersonKey
from services.kernel.store.store import Epoch
from tests.kernel.store.samples import Met, Noted, Opened, adding, on, one, open_sample


def add(store, *events):
    for event in events:
        store.append(adding(on("a:1", store.head().position, event)))


def test_an_empty_store_has_nothing_to_tell(store):
    assert store.head().position == 0
    assert store.read_after(0) == []
    assert store.read_stream("a:1") == []
    batch = store.public_after(0)
    assert (list(batch.messages), batch.end, batch.tail) == ([], 0, None)


def test_a_stream_is_read_from_a_version_on(store):
    store.append(adding(on("a:1", 0, *(Opened(n) for n in range(5))), on("b:1", 0, Opened(9))))
    assert [(e.version, e.event.n) for e in store.read_stream("a:1", after_version=3)] == [(4, 3), (5, 4)]
    assert store.read_stream("a:1", after_version=5) == []


def test_all_events_are_read_page_by_page(store):
    store.append(adding(on("a:1", 0, *(Opened(n) for n in range(7)))))
    assert [e.position for e in store.read_after(0, limit=3)] == [1, 2, 3]
    assert [e.position for e in store.read_after(3, limit=3)] == [4, 5, 6]
    assert [e.position for e in store.read_after(6, limit=3)] == [7]


def test_public_events_name_the_public_event_before_them(store):
    add(store, Noted(1), Opened(2), Noted(3), Noted(4), Opened(5), Opened(6))
    batch = store.public_after(0)
    assert [(m.position, m.previous) for m in batch.messages] == [(2, 0), (5, 2), (6, 5)]
    assert (batch.end, batch.tail) == (6, None)
    assert store.head().public == 6


def test_a_message_tells_where_it_comes_from(store):
    store.append(adding(on("deal:0190", 0, Opened(7, "not published"))))
    (message,) = store.public_after(0).messages
    (recorded,) = store.read_after(0)
    assert message.data == {"n": 7}
    assert (message.source, message.type, message.subject) == ("samples", "Opened", "0190")
    assert (message.id, message.version, message.schema_version) == (recorded.id, 1, 1)
    assert (message.occurred_at, message.recorded_at) == (recorded.occurred_at, recorded.recorded_at)
    assert (message.actor, message.correlation_id, message.causation_id) == ("actor", "correlation", "cause")
    assert message.epoch == store.epoch


def test_the_tail_is_marked_where_private_events_follow(store):
    add(store, Opened(1), Noted(2), Noted(3))
    batch = store.public_after(0)
    assert [m.position for m in batch.messages] == [1]
    tail = batch.tail
    assert tail is not None
    assert tail.is_tail
    assert (tail.position, tail.previous, tail.subject) == (3, 1, "-")
    assert tail.data == {"hash": store.head().hash.hex()}
    assert batch.end == 3


def test_a_store_of_private_events_only_has_a_tail(store):
    add(store, Noted(1), Noted(2))
    batch = store.public_after(0)
    assert batch.messages == []
    assert batch.tail is not None
    assert (batch.tail.position, batch.tail.previous) == (2, 0)


@pytest.mark.parametrize("after", [2, 3, 4])
def test_who_has_read_to_the_end_gets_no_tail(store, after):
    add(store, Opened(1), Noted(2))
    batch = store.public_after(after)
    assert (list(batch.messages), batch.tail) == ([], None)
    assert batch.end == after


def test_a_full_page_has_no_tail_yet(store):
    add(store, Opened(1), Opened(2), Noted(3))
    batch = store.public_after(0, limit=2)
    assert ([m.position for m in batch.messages], batch.end, batch.tail) == ([1, 2], 2, None)
    batch = store.public_after(2, limit=2)
    assert batch.tail is not None
    assert (batch.end, batch.tail.previous) == (3, 2)


def test_any_reader_that_follows_the_rule_sees_every_public_event(store):
    """Applies a message when previous <= checkpoint < position, whatever the page size."""
    add(store, *(Opened(n) if n % 3 else Noted(n) for n in range(20)))
    expected = [n for n in range(20) if n % 3]
    for limit in (1, 2, 7, 100):
        seen, checkpoint, end = [], 0, 0
        while end < store.head().position:
            batch = store.public_after(end, limit)
            for message in [*batch.messages, *([batch.tail] if batch.tail else [])]:
                assert message.previous <= checkpoint < message.position
                checkpoint = message.position
                seen += [] if message.is_tail else [message.data["n"]]
            end = batch.end
        assert seen == expected


def test_personal_fields_are_sealed_at_rest_and_in_messages(store, seal):
    store.append(adding(on("a:1", 0, Met("anna", "Анна", "+7"), Met("boris", None, None))))
    anna, boris = store.read_stream("a:1")
    assert anna.event == Met("anna", "Анна", "+7")
    assert boris.event == Met("boris")
    sealed, plain = store.public_after(0).messages
    who = PersonKey("anna", "relation")
    assert sealed.data["person"] == "anna"
    assert seal.unseal(sealed.id, who, sealed.data["sealed"][str(who)]) == {"name": "Анна", "phone": "+7"}
    assert plain.data == {"person": "boris"}
    assert "Анна" not in str(store.public_after(0))


def test_fields_of_a_forgotten_person_read_as_nothing(store, seal):
    store.append(adding(on("a:1", 0, Met("anna", "Анна", "+7"))))
    seal.forgotten.add(PersonKey("anna", "relation"))
    assert store.read_stream("a:1")[0].event == Met("anna")


def test_a_new_epoch_begins_after_the_head(store, any_database):
    first = store.epoch
    add(store, Opened(1), Opened(2))
    epoch = store.begin_epoch()
    assert epoch == Epoch(epoch.epoch, 2)
    assert store.public_after(0).messages[1].epoch == first
    add(store, Opened(3), Noted(4))
    batch = store.public_after(0)
    assert [m.epoch for m in batch.messages] == [first, first, epoch.epoch]
    assert batch.tail is not None
    assert batch.tail.epoch == epoch.epoch
    again = open_sample(any_database)
    assert again.epochs() == store.epochs() == [Epoch(first, 0), epoch]
    assert again.epoch == epoch.epoch
    again.database.close()


def test_a_store_opened_again_goes_on(store, any_database):
    store.append(one("a:1", 0, 1))
    again = open_sample(any_database)
    assert again.appended.value == 1
    assert again.append(one("a:1", 1, 2)).position == 2
    assert (again.epoch, again.head()) == (store.epoch, store.head())
    again.database.close()

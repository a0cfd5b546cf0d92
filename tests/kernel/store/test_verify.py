"""Tampering with the tables is found, whatever is touched."""

import hashlib

import pytest
import sqlalchemy as sa

from services.kernel.store import chain
from services.kernel.store import tables as t
from services.kernel.store.verify import Broken, verify
from tests.kernel.store.samples import Met, Noted, Opened, adding, inn, on, one, record

CHANGES = {
    "id": "another",
    "stream": "b:9",
    "version": 9,
    "type": "Renamed",
    "schema_version": 2,
    "payload": '{"n":2,"text":"changed"}',
    "personal_digest": b"x" * 32,
    "public": False,
    "previous": 7,
    "actor": "nobody",
    "correlation_id": "other",
    "causation_id": "other",
    "occurred_at": 0,
    "recorded_at": 0,
    "previous_hash": b"x" * 32,
    "hash": b"x" * 32,
}


@pytest.fixture
def store(store):
    for n in range(3):
        store.append(adding(on("a:1", 2 * n, Opened(n), Noted(n))))
    store.append(adding(on("a:2", 0, Met("anna", "Анна"), Opened(3))))
    assert verify(store) is None
    return store


def tamper(store, statement):
    with store.database.write() as connection:
        connection.execute(statement)


def at(position):
    return t.events.c.position == position


def test_any_changed_field_is_found(store):
    with store.database.read() as connection:
        row = connection.execute(sa.select(t.events).where(at(3))).one()._mapping
    for column, changed in CHANGES.items():
        tamper(store, sa.update(t.events).where(at(3)).values({column: changed}))
        broken = verify(store)
        assert broken is not None, column
        assert broken.position == 3
        tamper(store, sa.update(t.events).where(at(3)).values({column: row[column]}))
    assert verify(store) is None


def test_every_stored_field_is_covered():
    stored = set(t.events.c.keys())
    assert stored - set(CHANGES) == {"position", "personal"}
    assert stored - set(chain.COVERED) == {"personal", "previous_hash", "hash"}


@pytest.mark.parametrize("position", [1, 2, 3, 7])
def test_a_removed_row_is_found(store, position):
    tamper(store, sa.delete(t.events).where(at(position)))
    assert verify(store) == Broken(position + 1, "a position is missing")


def test_a_removed_row_with_the_rest_moved_up_is_found(store):
    tamper(store, sa.delete(t.events).where(at(3)))
    for position in range(4, 9):
        tamper(store, sa.update(t.events).where(at(position)).values(position=position - 1))
    assert verify(store) == Broken(3, "the link to the event before is wrong")


def test_two_exchanged_rows_are_found(store):
    for old, new in ((3, 99), (5, 3), (99, 5)):
        tamper(store, sa.update(t.events).where(at(old)).values(position=new))
    broken = verify(store)
    assert broken is not None
    assert broken.position == 3


def test_a_changed_row_with_a_new_hash_breaks_the_next(store):
    with store.database.read() as connection:
        row = connection.execute(sa.select(t.events).where(at(3))).one()
    covered = {**row._mapping, "actor": "nobody"}
    link = chain.link(bytes(row.previous_hash), tuple(covered[name] for name in chain.COVERED))
    tamper(store, sa.update(t.events).where(at(3)).values(actor="nobody", hash=link))
    assert verify(store) == Broken(4, "the link to the event before is wrong")


def test_changed_ciphertext_is_found(store):
    tamper(store, sa.update(t.events).where(at(7)).values(personal='{"relation:anna": "else"}'))
    assert verify(store) == Broken(7, "the sealed fields were changed")


def test_ciphertext_added_where_none_was_is_found(store):
    tamper(store, sa.update(t.events).where(at(3)).values(personal='{"relation:anna": "else"}'))
    assert verify(store) == Broken(3, "the sealed fields were changed")


def test_ciphertext_of_a_forgotten_person_may_be_removed(store):
    tamper(store, sa.update(t.events).where(at(7)).values(personal=None))
    assert verify(store) is None
    assert store.read_stream("a:2")[0].event == Met("anna")
    store.append(one("a:2", 2))
    assert verify(store) is None


@pytest.mark.parametrize("claims", [{"claim": [inn("1")]}, {"idempotency": record("k")}])
def test_events_cut_off_at_the_end_are_missed_by_what_points_at_them(store, claims):
    store.append(one("a:3", 0, **claims))
    tamper(store, sa.delete(t.events).where(at(9)))
    assert verify(store) == Broken(9, "events are missing at the end")


def test_progress_is_told_and_reaches_the_end(store):
    store.append(adding(on("a:4", 0, *(Opened(n) for n in range(1500)))))
    told: list[int] = []
    assert verify(store, told.append) is None
    assert told == [1000, 1508]


def test_the_link_is_a_length_prefixed_sha256():
    """Written out once by hand, so that another program can check a store."""
    link = chain.link(chain.GENESIS, (1, "id", None, b"\x00\x01", True, "Ё"))
    plain = (
        bytes(32)
        + b"\x00\x00\x00\x011"
        + b"\x00\x00\x00\x02id"
        + b"\xff\xff\xff\xff"
        + b"\x00\x00\x00\x02\x00\x01"
        + b"\x00\x00\x00\x011"
        + b"\x00\x00\x00\x02\xd0\x81"
    )
    assert link == hashlib.sha256(plain).digest()


def test_no_two_rows_have_the_same_bytes():
    """Lengths are part of what is hashed: moving a border between fields changes the hash."""
    assert chain.link(chain.GENESIS, ("ab", "c")) != chain.link(chain.GENESIS, ("a", "bc"))
    assert chain.link(chain.GENESIS, (None,)) != chain.link(chain.GENESIS, ("",))

import threading
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.keyring import Destroyed
from services.kernel.store import tables as t
from services.kernel.store.aggregates import Aggregate, Loaded, load
from tests.kernel.store.samples import Met, Noted, Opened, PaperSeal, adding, on

ANNA = PersonKey("anna", "relation")


@dataclass(frozen=True)
class Tally:
    total: int = 0
    name: str | None = None


def evolve(tally, event):
    match event:
        case Opened(n) | Noted(n):
            return replace(tally or Tally(), total=(tally or Tally()).total + n)
        case Met(_, name):
            return replace(tally or Tally(), name=name)


PLAIN = Aggregate("tally", Tally, evolve)
KEPT = replace(PLAIN, snapshot_every=3)
PERSONAL = replace(KEPT, person=lambda _: ANNA)


def add(store, *events):
    store.append(adding(on("tally:1", store.version("tally:1"), *events)))


def snapshot(store):
    with store.database.read() as connection:
        return connection.execute(sa.select(t.snapshots)).one_or_none()


def test_a_state_is_folded_from_its_stream(store):
    add(store, Opened(1), Noted(2), Opened(3))
    assert load(store, PLAIN, "1") == Loaded("1", "tally:1", 3, Tally(6))
    assert snapshot(store) is None


def test_a_stream_that_never_began_is_not_found(store):
    with pytest.raises(NotFound, match="tally 7"):
        load(store, KEPT, "7")


def test_a_snapshot_is_kept_each_so_many_events_and_read_on_from(store):
    for expected, kept in ((1, None), (2, None), (3, 3), (4, 3), (5, 3), (6, 6)):
        add(store, Opened(1))
        assert load(store, KEPT, "1") == Loaded("1", "tally:1", expected, Tally(expected))
        assert (snapshot(store) and snapshot(store).version) == kept
    with store.database.write() as connection:
        connection.execute(sa.update(t.snapshots).values(state='{"total": 100}'))
    assert load(store, KEPT, "1").state == Tally(100)


def test_a_snapshot_of_another_shape_is_passed_over_and_replaced(store):
    add(store, *(Opened(1) for _ in range(3)))
    load(store, KEPT, "1")
    with store.database.write() as connection:
        connection.execute(sa.update(t.snapshots).values(state='{"sum": 3}'))
    changed = replace(KEPT, shape="2")
    assert load(store, changed, "1").state == Tally(3)
    assert snapshot(store).shape == "2"
    assert load(store, changed, "1").state == Tally(3)


def test_a_snapshot_of_a_person_is_sealed(store):
    add(store, Opened(1), Opened(2), Met("anna", "Анна"))
    assert load(store, PERSONAL, "1").state == Tally(3, "Анна")
    assert snapshot(store).person == str(ANNA)
    assert "Анна" not in snapshot(store).state
    assert load(store, PERSONAL, "1").state == Tally(3, "Анна")


class StrictSeal(PaperSeal):
    """Seals nothing for a forgotten person, as the keyring does."""

    def seal(self, event_id, who, fields):
        if who in self.forgotten:
            raise Destroyed(who)
        return super().seal(event_id, who, fields)


@pytest.fixture
def seal():
    return StrictSeal()


def test_a_forgotten_person_is_forgotten_by_snapshots_too(store, seal):
    add(store, Opened(1), Opened(2), Met("anna", "Анна"))
    load(store, PERSONAL, "1")
    seal.forgotten.add(ANNA)
    assert load(store, PERSONAL, "1").state == Tally(3)
    add(store, Opened(1), Opened(1), Opened(1))
    assert load(store, PERSONAL, "1") == Loaded("1", "tally:1", 6, Tally(6))


def test_many_may_load_and_keep_at_once(store):
    add(store, *(Opened(1) for _ in range(3)))
    states, errors = [], []

    def call():
        try:
            states.append(load(store, KEPT, "1"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (errors, {loaded.version for loaded in states}) == ([], {3})
    assert snapshot(store).version == 3

"""A restore to an earlier position, as the operator does it: nothing is done twice unasked."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.kernel.store import tables as t
from tests.kernel.reactions.world import Bank, Office, Outside, context, eventually, sending


def cut(office: Office, position: int) -> None:
    """What a restore does: everything after a position is gone, and a new epoch begins."""
    with office.store.database.write() as connection:
        connection.execute(sa.delete(t.events).where(t.events.c.position > position))
        connection.execute(sa.delete(t.claims).where(t.claims.c.position > position))
        ahead = t.checkpoints.c.position >= position
        connection.execute(sa.update(t.checkpoints).where(ahead).values(position=position - 1))
    office.store.begin_epoch()


@pytest.fixture
def restored(open_office, outside: Outside):
    """Two letters were sent; of the second the restored store knows the order, not the plan."""
    office = open_office()
    reactions = office.start([sending(outside)])
    office.place("one")
    eventually(lambda: len(office.traces()) == 1 and office.open() == {})
    office.place("two")
    eventually(lambda: outside.things == ["one", "two"] and office.open() == {})
    [two] = [e for e in office.store.read_after(0) if e.type == "OrderPlaced" and e.event.title == "two"]
    reactions.stop()
    office.projections.stop()
    cut(office, two.position)
    return open_office()


def test_reactions_to_older_messages_wait_for_the_operator(restored: Office, outside):
    reactions = restored.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    restored.place("three")
    eventually(lambda: outside.things == ["one", "two", "three"] and len(restored.open()) == 1)
    [waiting] = reactions.waiting()
    assert (waiting.effect, waiting.stage, waiting.attempt) == ("send", "planned", 0)
    assert reactions.status()["waiting"] == 1
    assert reactions.status()["overdue_seconds"] == 0.0


def test_what_is_released_runs_under_the_key_it_had_before(restored: Office, outside):
    before = dict(outside.done)
    reactions = restored.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    reactions.release(context())
    eventually(lambda: outside.things == ["one", "two", "two"])
    assert outside.done[-1][1] == before["two"]
    assert reactions.waiting() == []
    eventually(lambda: restored.open() == {})


def test_a_release_reaches_only_so_far(restored: Office, outside):
    reactions = restored.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    [waiting] = reactions.waiting()
    assert reactions.release(context(), waiting.cause_recorded_at - timedelta(microseconds=1)) > 0
    assert len(reactions.waiting()) == 1
    reactions.release(context(), waiting.cause_recorded_at)
    eventually(lambda: outside.things == ["one", "two", "two"])


def test_what_waits_can_be_dismissed(restored: Office, outside):
    reactions = restored.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    reactions.dismiss(reactions.waiting()[0].id, context())
    eventually(lambda: restored.open() == {})
    assert reactions.waiting() == []
    reactions.release(context())
    assert outside.things == ["one", "two"]


def test_a_release_is_for_one_restore(restored: Office, open_office, outside):
    reactions = restored.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    reactions.release(context())
    eventually(lambda: restored.open() == {})
    planned = max(e.position for e in restored.store.read_after(0) if e.type == "EffectPlanned")
    reactions.stop()
    restored.projections.stop()
    cut(restored, planned)
    again = open_office()
    reactions = again.start([sending(outside)])
    eventually(lambda: len(reactions.waiting()) == 1)
    assert outside.things == ["one", "two", "two"]


def test_nothing_waits_where_nothing_was_restored(office: Office, outside):
    reactions = office.start([sending(outside)])
    assert (reactions.waiting(), reactions.release(context())) == ([], 0)


def test_a_copy_of_the_files_put_back_waits_too(tmp_path: Path, outside):
    """The whole way on SQLite: copy, go on, put the copy back, begin an epoch, start."""
    store_file, copy = tmp_path / "events.db", tmp_path / "copy.db"
    office = Office(f"sqlite:///{store_file}", f"sqlite:///{tmp_path}/views.db", Bank())
    reactions = office.start([sending(outside)])
    with office.store.database.read() as connection:
        connection.execute(sa.text("VACUUM INTO :copy"), {"copy": str(copy)})
    office.place("lost")
    eventually(lambda: outside.things == ["lost"] and office.open() == {})
    reactions.stop()
    office.close()
    for ending in ("-wal", "-shm"):
        store_file.with_name(store_file.name + ending).unlink(missing_ok=True)
    copy.replace(store_file)

    office = Office(f"sqlite:///{store_file}", f"sqlite:///{tmp_path}/views.db", Bank())
    office.store.begin_epoch()
    reactions = office.start([sending(outside)])
    office.place("new")
    eventually(lambda: outside.things == ["lost", "new"])
    office.close()

"""A reader goes back with a source that was restored."""

import pytest
import sqlalchemy as sa

from services.kernel.database import Database
from services.kernel.received import ReceivedLog, SourcePosition
from services.kernel.rewind import Rewound, rewind, shared_position
from services.kernel.store.store import Epoch
from services.kernel.store.tables import checkpoints
from tests.kernel.messaging import message
from tests.kernel.store.samples import open_sample

FIRST, SECOND, THIRD = Epoch("first", 0), Epoch("second", 40), Epoch("third", 30)


@pytest.mark.parametrize(
    ("epoch", "position", "head", "lineage", "shared"),
    [
        ("first", 50, 60, [FIRST], 50),
        ("first", 50, 45, [FIRST], 45),
        ("first", 50, 60, [FIRST, SECOND], 40),
        ("first", 35, 60, [FIRST, SECOND], 35),
        ("first", 50, 60, [FIRST, SECOND, THIRD], 30),
        ("second", 50, 60, [FIRST, SECOND, THIRD], 30),
        ("second", 50, 60, [FIRST, SECOND], 50),
        ("unheard of", 50, 60, [FIRST], 0),
    ],
)
def test_history_is_shared_up_to_the_fork(epoch, position, head, lineage, shared):
    assert shared_position(SourcePosition(epoch, position), head, lineage) == shared


@pytest.fixture
def reader(any_database):
    """Has heard three messages of one source and two of another, and reacted to all."""
    store = open_sample(any_database)
    log = ReceivedLog(store.database)
    log.receive("samples", [message(n) for n in (1, 2, 3)])
    log.receive("others", [message(n, source="others") for n in (1, 2)])
    names = {"reaction:letter:samples": 3, "reaction:task:samples": 1, "reaction:letter:others": 2, "relay": 7}
    with store.database.write() as connection:
        rows = [{"name": name, "position": position} for name, position in names.items()]
        connection.execute(sa.insert(checkpoints), rows)
    yield store.database
    store.database.close()


def standing(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {row.name: row.position for row in connection.execute(sa.select(checkpoints))}


def test_what_came_after_the_fork_is_given_up_and_reacted_to_anew(reader):
    assert rewind(reader, "samples", 2) == Rewound("samples", 2, 1)
    log = ReceivedLog(reader)
    assert [m.position for m in log.after("samples", 0, 10)] == [1, 2]
    assert log.head("samples") == 2
    assert standing(reader) == {
        "reaction:letter:samples": 2,
        "reaction:task:samples": 1,
        "reaction:letter:others": 2,
        "relay": 7,
    }


def test_other_sources_are_left_alone(reader):
    rewind(reader, "samples", 0)
    assert [m.position for m in ReceivedLog(reader).after("others", 0, 10)] == [1, 2]


def test_going_back_again_changes_nothing(reader):
    rewind(reader, "samples", 2)
    assert rewind(reader, "samples", 2) == Rewound("samples", 2, 0)
    assert rewind(reader, "samples", 3).given_up == 0
    assert ReceivedLog(reader).head("samples") == 2

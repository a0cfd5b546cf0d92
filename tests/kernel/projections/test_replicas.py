"""Several replicas of a service on PostgreSQL: one of them runs the projections."""

from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa

from services.kernel.projections import Projections, engine, runner
from tests.kernel.projections import world
from tests.kernel.projections.world import BALANCES, ORDERS, OrderChanged, OrderPlaced, Shop


@pytest.fixture
def replicas(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Shop]]:
    monkeypatch.setattr(runner, "POLL", 0.1)
    monkeypatch.setattr(engine, "ELECTION_PAUSE", 0.1)
    replicas = [Shop(database, database) for _ in range(2)]
    yield replicas
    for replica in replicas:
        replica.close()


def started(shop: Shop) -> Projections:
    projections = shop.projections(ORDERS)
    projections.start()
    return projections


def leaders(*replicas: Projections) -> list[bool]:
    return [replica._leads.is_set() for replica in replicas]


def test_one_replica_runs_the_projections_and_both_see_the_rows(replicas: list[Shop]) -> None:
    first, second = started(replicas[0]), started(replicas[1])
    world.eventually(lambda: any(leaders(first, second)))
    for _ in range(3):
        assert sum(leaders(first, second)) == 1
        position = replicas[1].append("1", OrderPlaced("sofa", 1))
        assert first.wait("shop", position, 5)
        assert second.wait("shop", position, 5)
    assert replicas[0].rows(world.changes) == replicas[1].rows(world.changes)


def test_the_other_takes_over_when_the_leader_stops(replicas: list[Shop]) -> None:
    first = started(replicas[0])
    world.eventually(lambda: leaders(first) == [True])
    second = started(replicas[1])
    first.stop()
    position = replicas[1].append("1", OrderPlaced("sofa", 1))
    assert second.wait("shop", position, 5)
    assert leaders(second) == [True]


def test_the_other_takes_over_when_the_leader_loses_its_connections(replicas: list[Shop]) -> None:
    first = started(replicas[0])
    world.eventually(lambda: leaders(first) == [True])
    second = started(replicas[1])
    terminate = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    with replicas[1].views.connect() as connection:
        connection.execute(sa.text(terminate))
    world.eventually(lambda: sum(leaders(first, second)) == 1)
    for number in range(20):
        position = replicas[1].append(str(number), OrderPlaced("sofa", 1))
    assert second.wait("shop", position, 10)
    assert len(replicas[0].rows(world.orders)["orders"]) == 20


def test_two_that_both_believe_to_lead_do_no_harm(replicas: list[Shop]) -> None:
    both = [replica.projections(ORDERS, BALANCES) for replica in replicas]
    for projections in both:
        projections.start()
        projections._election.leads = lambda: True  # type: ignore[method-assign]
    world.eventually(lambda: leaders(*both) == [True, True])
    for number in range(100):
        position = replicas[number % 2].append(str(number % 7), OrderPlaced("sofa", number), OrderChanged(number + 1))
    assert both[0].wait("shop", position, 10)
    rows = replicas[0].rows()
    assert len(rows["changes"]) == 200
    assert both[0].parked.list() == []
    both[0].rebuild()
    assert replicas[1].rows() == rows


def test_two_starting_at_once_build_the_read_models_once(replicas: list[Shop]) -> None:
    for number in range(50):
        position = replicas[0].append(str(number), OrderPlaced("sofa", number))
    told: list[int] = []
    both = [replica.projections(ORDERS) for replica in replicas]

    def start(projections: Projections) -> None:
        projections.start(progress=lambda _source, position, _head: told.append(position))

    threads = [world.in_background(partial(start, projections)) for projections in both]
    for thread in threads:
        thread.join(20)
    assert told == [50]
    assert both[0].wait("shop", position, 5)
    assert both[1].wait("shop", position, 5)


def test_a_rebuild_by_one_replica_is_followed_by_the_other(replicas: list[Shop]) -> None:
    leader = started(replicas[0])
    world.eventually(lambda: leaders(leader) == [True])
    standby = started(replicas[1])
    for number in range(20):
        replicas[0].append(str(number), OrderPlaced("sofa", number))
        if number % 7 == 0:
            standby.rebuild()
    position = replicas[0].append("last", OrderPlaced("sofa", 1))
    assert leader.wait("shop", position, 5)
    assert standby.wait("shop", position, 5)
    assert len(replicas[1].rows(world.orders)["orders"]) == 21

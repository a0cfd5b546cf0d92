"""Several replicas on PostgreSQL: each effect once, whoever runs it."""

import pytest
import sqlalchemy as sa

from services.kernel.projections.election import Election
from tests.kernel.reactions.world import Bank, Office, Outside, eventually, sending

LEADER = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND objid = (hashtext('reestr.reactions')::bigint & 4294967295)::oid
"""


@pytest.fixture
def offices(database: str):
    opened = [Office(database, database, Bank()) for _ in range(3)]
    yield opened
    for office in opened:
        office.close()


def orders(count: int) -> list[str]:
    return [f"{number:03}" for number in range(count)]


def test_one_replica_at_a_time_is_at_work(offices: list[Office], outside: Outside):
    reactions = [office.start([sending(outside)]) for office in offices]
    eventually(lambda: any(r.status()["leads"] for r in reactions))
    for number, order_id in enumerate(orders(30)):
        offices[number % 3].place(order_id)
    eventually(lambda: sorted(outside.things) == orders(30))
    assert [r.status()["leads"] for r in reactions].count(True) == 1


def test_even_replicas_that_all_believe_to_lead_run_each_effect_once(offices: list[Office], outside, monkeypatch):
    monkeypatch.setattr(Election, "leads", lambda _election: True)
    for office in offices:
        office.start([sending(outside)])
    for number, order_id in enumerate(orders(60)):
        offices[number % 3].place(order_id)
    eventually(lambda: len(outside.things) >= 60 and offices[0].open() == {}, 30)
    assert sorted(outside.things) == orders(60)
    assert set(map(tuple, offices[0].traces().values())) == {("EffectPlanned", "EffectBegun", "EffectSucceeded")}


def test_another_replica_takes_over_from_one_that_lost_its_connection(offices: list[Office], outside):
    for office in offices:
        office.start([sending(outside)])
    for number, order_id in enumerate(orders(60)):
        offices[number % 3].place(order_id)
        if number % 20 == 10:
            with offices[0].store.database.read() as connection:
                connection.execute(sa.text(LEADER))
    eventually(lambda: len(outside.things) >= 60 and offices[0].open() == {}, 30)
    assert sorted(outside.things) == orders(60)
    offices[0].check_table()


def test_a_replica_that_stops_hands_over(offices: list[Office], outside):
    first = offices[0].start([sending(outside)])
    eventually(lambda: first.status()["leads"])
    second = offices[1].start([sending(outside)])
    assert not second.status()["leads"]
    first.stop()
    offices[2].place("one")
    eventually(lambda: outside.things == ["one"])
    assert second.status()["leads"]

"""The same with the `eventsourcing` library, in its default configuration on PostgreSQL."""

import time
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresFactory, PostgresTrackingRecorder
from psycopg.sql import SQL
from sqlalchemy.engine import make_url

from services.kernel.events import Registry
from tests.bench import sample
from tests.bench.appends import rate

PAGE = 1000


class Bench(Application[UUID]):
    """Where its events are."""


class Moved(DomainEvent):
    """The bench's event, as the library has events."""

    client_id: str
    pipeline: str
    stage_before: str
    stage_after: str
    amount: Decimal
    currency: str
    reason: str


class Deals(PostgresTrackingRecorder):
    """A read model: one row for each deal."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        columns = "id uuid PRIMARY KEY, stage text, moves int, amount numeric"
        self.sql_create_statements.append(SQL(f"CREATE TABLE IF NOT EXISTS deals ({columns})").format())

    def put(self, event: Moved, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO deals VALUES (%s, %s, 1, %s) ON CONFLICT (id) DO UPDATE SET "
                "stage = excluded.stage, moves = deals.moves + 1, amount = excluded.amount",
                (event.originator_id, event.stage_after, event.amount),
                prepare=True,
            )


def append(url: str, callers: int, seconds: float) -> float:
    """One event of a new stream, already encoded, by the default recorder."""
    recorder = _application(url).recorder
    payload = Registry([sample.StageChanged]).encode(sample.moved("<id>", 1)).payload.encode()

    def insert() -> None:
        recorder.insert_events([StoredEvent(uuid4(), 1, "tests.bench.sample:StageChanged", payload)])

    return rate([insert] * callers, seconds)


def fill(url: str, events: int, streams: int) -> None:
    application = _application(url)
    ids = [uuid4() for _ in range(streams)]
    stored = [application.mapper.to_stored_event(_moved(ids[n % streams], n // streams + 1, n)) for n in range(events)]
    for start in range(0, events, 500):
        application.recorder.insert_events(stored[start : start + 500])


def rebuild(url: str) -> float:
    """Events a second, row by row: each event's row and its tracking record in one transaction."""
    application, factory = _application(url), PostgresFactory(_environment(url))
    deals = factory.tracking_recorder(Deals)
    assert isinstance(deals, Deals)
    with deals.datastore.transaction(commit=True) as cursor:
        cursor.execute("TRUNCATE deals")
        cursor.execute("DELETE FROM notification_tracking WHERE application_name = %s", (application.name,))
    begun, position = time.perf_counter(), 0
    while notifications := application.recorder.select_notifications(position + 1, PAGE):
        for notification in notifications:
            event = application.mapper.to_domain_event(notification)
            assert isinstance(event, Moved)
            deals.put(event, Tracking(application.name, notification.id))
        position = notifications[-1].id
    return position / (time.perf_counter() - begun)


def _moved(id: UUID, version: int, number: int) -> Moved:
    fields = asdict(sample.moved("", number))
    del fields["deal_id"]
    return Moved(originator_id=id, originator_version=version, timestamp=Moved.create_timestamp(), **fields)


@cache
def _application(url: str) -> Application[UUID]:
    return Bench(_environment(url))


def _environment(url: str) -> Any:
    parsed = make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parsed.database,
        "POSTGRES_HOST": parsed.host,
        "POSTGRES_PORT": str(parsed.port),
        "POSTGRES_USER": parsed.username,
        "POSTGRES_PASSWORD": parsed.password,
        "POSTGRES_MAX_OVERFLOW": "32",
    }

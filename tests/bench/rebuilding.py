"""A read model built from all events: ours, and the upserts alone that it cannot do without."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2.extras import execute_values

from services.kernel.events import Recorded
from services.kernel.projections import Projection, Projections, Rows, StoreSource
from services.kernel.projections import tables as kernel_tables
from services.kernel.projections.projection import fingerprint
from services.kernel.projections.runner import Runner
from services.kernel.views import open_views
from tests.bench import sample

BATCH = 1000

deals = sa.Table(
    "deals",
    sa.MetaData(schema="views"),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("moves", sa.Integer, nullable=False),
    sa.Column("amount", sa.Text, nullable=False),
)
Row = tuple[str, str, int, str]


def on_stage_changed(rows: Rows, recorded: Recorded) -> None:
    event: sample.StageChanged = recorded.event
    before = rows.get(deals, recorded.subject)
    moves = before["moves"] if before else 0
    row = {"id": recorded.subject, "stage": event.stage_after, "moves": moves + 1, "amount": str(event.amount)}
    rows.put(deals, row)


DEALS = Projection("deals", (deals,), {"bench": {"StageChanged": on_stage_changed}})


def rebuild(url: str) -> float:
    """Events a second, read, decoded, folded into a shadow and swapped in, as `reestr rebuild` does."""
    head = sample.store(url).head().position
    begun = time.perf_counter()
    _projections(url).rebuild()
    seconds = time.perf_counter() - begun
    _check(url, head)
    return head / seconds


def follow(url: str) -> float:
    """Events a second, folded into the live read model from the first event on, batch after batch."""
    head, source = sample.store(url).head().position, StoreSource(sample.store(url))
    runner = Runner(open_views(url), DEALS, source, fingerprint([DEALS]))
    with sample.store(url).database.write() as connection:
        connection.execute(sa.delete(deals))
        connection.execute(sa.update(kernel_tables.checkpoints).values(position=0))
    begun = time.perf_counter()
    while runner.step():
        pass
    seconds = time.perf_counter() - begun
    _check(url, head)
    return head / seconds


def bare(url: str) -> float:
    """Events a second where nothing is read or decoded: the rows of each batch are at hand, and
    are upserted and committed."""
    batches, connection = _batches(url), _bare_table(url)
    cursor = connection.cursor()
    cursor.execute("TRUNCATE bare_deals")
    connection.commit()
    begun = time.perf_counter()
    for rows in batches:
        execute_values(
            cursor,
            "INSERT INTO bare_deals VALUES %s ON CONFLICT (id) DO UPDATE SET "
            "stage = excluded.stage, moves = excluded.moves, amount = excluded.amount",
            rows,
            page_size=BATCH,
        )
        connection.commit()
    return sample.store(url).head().position / (time.perf_counter() - begun)


@cache
def _projections(url: str) -> Projections:
    store = sample.store(url)
    return Projections(open_views(url), [DEALS], [StoreSource(store)], store.epoch)


def _check(url: str, events: int) -> None:
    with sample.store(url).database.read() as connection:
        assert connection.execute(sa.select(sa.func.sum(deals.c.moves))).scalar() == events


@cache
def _batches(url: str) -> Sequence[Sequence[Row]]:
    """The rows that change in each batch of events, in the order of their keys."""
    store, moves, batches, position = sample.store(url), dict[str, int](), [], 0
    while page := store.read_after(position, BATCH):
        changed: dict[str, Row] = {}
        for recorded in page:
            _count(moves, changed, recorded)
        batches.append([changed[id] for id in sorted(changed)])
        position = page[-1].position
    return batches


def _count(moves: dict[str, int], changed: dict[str, Row], recorded: Recorded) -> None:
    id, event = recorded.subject, recorded.event
    moves[id] = moves.get(id, 0) + 1
    changed[id] = (id, event.stage_after, moves[id], str(event.amount))


@cache
def _bare_table(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.cursor().execute(
        "CREATE TABLE bare_deals (id text PRIMARY KEY, stage text NOT NULL, moves int NOT NULL, amount text NOT NULL)"
    )
    connection.commit()
    return connection

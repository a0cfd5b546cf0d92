"""A small shop for the tests: its own events, what a bank tells it, and read models of both."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.events import Recorded, Registry, event
from services.kernel.message import TAIL, Message
from services.kernel.projections import Projection, Projections, ReceivedSource, Rows, Source, StoreSource
from services.kernel.received import ReceivedLog
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents
from services.kernel.store.store import EventStore, open_store
from services.kernel.views import Views, open_views


@event("OrderPlaced")
@dataclass(frozen=True, slots=True)
class OrderPlaced:
    title: str
    amount: int


@event("OrderChanged")
@dataclass(frozen=True, slots=True)
class OrderChanged:
    amount: int


@event("OrderCancelled")
@dataclass(frozen=True, slots=True)
class OrderCancelled:
    pass


@event("NoteTaken")
@dataclass(frozen=True, slots=True)
class NoteTaken:
    """An event that no projection knows."""

    text: str


REGISTRY = Registry([OrderPlaced, OrderChanged, OrderCancelled, NoteTaken])

metadata = sa.MetaData(schema="views")
orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("note", sa.Text),
    sa.Index("orders_by_title", "title"),
)
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
)
ordered = sa.Table(
    "ordered",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("recorded", sa.BigInteger, nullable=False),
)
paid = sa.Table(
    "paid",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("recorded", sa.BigInteger, nullable=False),
)
balances = sa.Table(
    "balances",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("open", sa.BigInteger, nullable=False),
    sa.Column("moved_at", sa.BigInteger, nullable=False),
)

# Orders whose handler fails, as it would after a mistake in a release.
broken: set[str] = set()


def on_order_placed(rows: Rows, recorded: Recorded) -> None:
    placed: OrderPlaced = recorded.event
    rows.put(
        orders,
        {"id": recorded.subject, "version": recorded.version, "title": placed.title, "amount": placed.amount},
    )
    _changed(rows, recorded, placed.amount)


def on_order_changed(rows: Rows, recorded: Recorded) -> None:
    rows.change(orders, recorded.subject, version=recorded.version, amount=recorded.event.amount)
    _changed(rows, recorded, recorded.event.amount)


def _changed(rows: Rows, recorded: Recorded, amount: int) -> None:
    rows.put(changes, {"order_id": recorded.subject, "number": recorded.version, "amount": amount})
    if recorded.subject in broken:
        raise KeyError(recorded.subject)


def on_order_cancelled(rows: Rows, recorded: Recorded) -> None:
    rows.delete(orders, recorded.subject)


def on_amount(rows: Rows, recorded: Recorded) -> None:
    rows.put(ordered, {"order_id": recorded.subject, "amount": recorded.event.amount, "recorded": recorded.recorded})
    _settle(rows, recorded.subject)


def on_payment_received(rows: Rows, message: Message) -> None:
    before = rows.get(paid, message.subject)
    amount = message.data["amount"] + (before["amount"] if before else 0)
    recorded = clock.to_micros(message.recorded_at)
    rows.put(paid, {"order_id": message.subject, "amount": amount, "recorded": recorded})
    _settle(rows, message.subject)


def _settle(rows: Rows, order_id: str) -> None:
    """What joins the sources is computed from their facts, whichever came first."""
    order, payment = rows.get(ordered, order_id), rows.get(paid, order_id)
    open = (order["amount"] if order else 0) - (payment["amount"] if payment else 0)
    moved_at = max(fact["recorded"] for fact in (order, payment) if fact)
    rows.put(balances, {"order_id": order_id, "open": open, "moved_at": moved_at})


ORDERS = Projection(
    name="orders",
    tables=(orders, changes),
    on={
        "shop": {
            "OrderPlaced": on_order_placed,
            "OrderChanged": on_order_changed,
            "OrderCancelled": on_order_cancelled,
        }
    },
)
BALANCES = Projection(
    name="balances",
    tables=(ordered, paid, balances),
    on={
        "shop": {"OrderPlaced": on_amount, "OrderChanged": on_amount},
        "bank": {"PaymentReceived": on_payment_received},
    },
)


class Bank:
    """What the bank says, as received; every other event of it is private."""

    def __init__(self, log: ReceivedLog) -> None:
        self.log = log

    @property
    def head(self) -> int:
        return self.log.head("bank")

    def pay(self, order_id: str, amount: int, **data: Any) -> None:
        self._receive(2, "PaymentReceived", order_id, {"amount": amount, **data})

    def mark_tail(self) -> None:
        self._receive(3, TAIL, "-", {})

    def _receive(self, after: int, type: str, subject: str, data: dict[str, Any]) -> None:
        position = self.head + after
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=position)
        message = Message(
            id=f"bank-{position}",
            source="bank",
            type=type,
            subject=subject,
            data=data,
            epoch="e",
            position=position,
            previous=self.head,
            version=1,
            schema_version=1,
            occurred_at=at,
            recorded_at=at,
            actor="-",
            correlation_id="-",
            causation_id="-",
        )
        self.log.receive("bank", [message])


def open_message(message: Message) -> Message:
    """Stands for the sealer."""
    if "damaged" in message.data:
        raise ValueError("does not open")
    return message


class Shop:
    """The shop's store, what it received, and its read models."""

    def __init__(self, store_url: str, views_url: str) -> None:
        self.store: EventStore = open_store(store_url, "shop", REGISTRY)
        self.views: Views = open_views(views_url)
        self.bank = Bank(ReceivedLog(self.store.database))
        self._opened: list[Projections] = []

    def projections(self, *projections: Projection) -> Projections:
        """The read models' engine, not started yet."""
        sources: list[Source] = [StoreSource(self.store), ReceivedSource(self.bank.log, "bank", open_message)]
        opened = Projections(self.views, projections or (ORDERS, BALANCES), sources, self.store.epoch)
        self._opened.append(opened)
        return opened

    def append(self, order_id: str, *events: Any) -> int:
        return append(self.store, order_id, *events)

    def close(self) -> None:
        for opened in self._opened:
            opened.stop()
        self.views.close()
        self.store.database.close()

    def rows(self, *tables: sa.Table) -> dict[str, list[tuple[Any, ...]]]:
        return rows_of(self.views, *(tables or metadata.sorted_tables))


def append(store: EventStore, order_id: str, *events: Any) -> int:
    """Appends to an order, wherever it stands; the position."""
    now = clock.now()
    context = Context("tester", "tester", "-", "-", now, now + timedelta(seconds=60))
    return store.append(Append(context, [StreamEvents(f"order:{order_id}", ANY_VERSION, events)])).position


def rows_of(views: Views, *tables: sa.Table) -> dict[str, list[tuple[Any, ...]]]:
    with views.connect() as connection:
        return {table.name: sorted(map(tuple, connection.execute(sa.select(table)))) for table in tables}


def another_version(projection: Projection) -> Projection:
    """The projection as a later release has it."""
    return replace(projection, version=projection.version + 1)


def eventually(condition: Callable[[], bool], timeout: float = 10) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.01)


def in_background(run: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread

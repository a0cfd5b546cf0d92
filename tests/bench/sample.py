"""What the bench stores: a deal moved to another stage, about 340 bytes of JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.events import Registry, event
from services.kernel.ids import new_id
from services.kernel.published import as_it_is
from services.kernel.store.claims import Append, Idempotency, Key, StreamEvents
from services.kernel.store.store import EventStore, open_store

STAGES = ("new", "qualified", "offer", "contract", "fulfilment", "payment")
NOTE = "Согласовали состав заказа и срок поставки, ждём подписанный договор"


@event("StageChanged")
@dataclass(frozen=True, slots=True)
class StageChanged:
    deal_id: str
    client_id: str
    pipeline: str
    stage_before: str
    stage_after: str
    amount: Decimal
    currency: str
    reason: str


@cache
def store(url: str) -> EventStore:
    return open_store(url, "bench", Registry([StageChanged]), {StageChanged: as_it_is})


def moved(deal_id: str, number: int) -> StageChanged:
    before, after = STAGES[number % 5], STAGES[number % 5 + 1]
    amount = Decimal(f"{100 + number % 900}.50")
    return StageChanged(deal_id, "0190c8f2-6b1e-7d43-9a51-3c1f0e5a7b21", "default", before, after, amount, "RUB", NOTE)


def one_event() -> Append:
    """What a command appends: an event of a new stream, a unique key, and the idempotency record."""
    id, now = new_id(), clock.now()
    context = Context("user-1", "key-1", id, id, now, now + timedelta(seconds=10), idempotency_key=id)
    done = Idempotency("key-1", id, "b" * 64, id)
    return Append(context, [StreamEvents(f"deal:{id}", 0, [moved(id, 1)])], [Key("deal-number", id)], idempotency=done)


def fill(url: str, streams: int, events: int, portion: int = 500) -> int:
    """Appends events to streams in turn, so that each stream's are far apart; the head then."""
    ids = [new_id() for _ in range(streams)]
    versions = dict.fromkeys(ids, 0)
    now = clock.now()
    context = Context("user-1", "key-1", new_id(), new_id(), now, now + timedelta(hours=1))
    for start in range(0, events, portion):
        some = [ids[number % streams] for number in range(start, min(events, start + portion))]
        store(url).append(Append(context, _changes(some, versions, start)))
    return store(url).head().position


def _changes(some: Sequence[str], versions: dict[str, int], start: int) -> list[StreamEvents]:
    changes = []
    for number, id in enumerate(some, start):
        changes.append(StreamEvents(f"deal:{id}", versions[id], [moved(id, number)]))
        versions[id] += 1
    return changes

"""Rebuilding beside the live read models."""

import threading

import pytest
import sqlalchemy as sa

from services.kernel.projections import folding, rebuild
from services.kernel.projections.rebuild import Cancelled
from tests.kernel.projections import world
from tests.kernel.projections.world import BALANCES, ORDERS, OrderChanged, OrderPlaced, Shop


def fill(shop: Shop, orders: int = 30, changes: int = 5) -> int:
    for order in range(orders):
        events = [OrderPlaced(f"order {order}", order), *(OrderChanged(order + n) for n in range(changes))]
        position = shop.append(str(order), *events)
        shop.bank.pay(str(order), order)
    return position


def test_rebuilt_rows_are_the_live_rows(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    assert projections.wait("shop", fill(shop), 10)
    assert projections.wait("bank", shop.bank.head, 10)
    live = shop.rows()
    projections.rebuild()
    assert shop.rows() == live


def test_rows_are_the_same_when_memory_holds_few_of_them(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    projections = shop.projections()
    projections.start()
    assert projections.wait("shop", fill(shop), 10)
    assert projections.wait("bank", shop.bank.head, 10)
    live = shop.rows()
    monkeypatch.setattr(folding, "BATCH", 7)
    monkeypatch.setattr(folding, "UNWRITTEN_ROWS", 11)
    monkeypatch.setattr(folding, "HELD_ROWS", 13)
    projections.rebuild()
    assert shop.rows() == live


def test_what_fails_in_a_rebuild_is_parked_as_it_would_be_live(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "BATCH", 5)
    monkeypatch.setattr(rebuild, "BATCH", 5)
    fill(shop)
    shop.append("refused", OrderPlaced(None, 1))  # type: ignore[arg-type]
    shop.append("refused", OrderChanged(2))
    world.broken.add("7")
    position = fill(shop, 3)
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", position, 10)
    parked = {(p.position, p.subject, p.attempts) for p in projections.parked.list()}
    assert len({position for position, _subject, _attempts in parked}) == len(parked)
    assert {subject for _position, subject, _attempts in parked} == {"7", "refused"}
    rows = shop.rows(world.orders)
    projections.rebuild()
    assert {(p.position, p.subject, p.attempts) for p in projections.parked.list()} == parked
    assert shop.rows(world.orders) == rows
    assert len(rows["orders"]) == 29


def test_a_rebuild_tells_how_far_it_is(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", fill(shop), 10)
    told: list[tuple[str, int, int]] = []
    projections.rebuild(progress=lambda source, position, head: told.append((source, position, head)))
    assert told[-1] == ("shop", 180, 180)


def test_a_cancelled_rebuild_leaves_the_live_rows_and_nothing_else(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", fill(shop), 10)
    live = shop.rows(world.orders)
    with pytest.raises(Cancelled):
        projections.rebuild(cancelled=lambda: True)
    assert shop.rows(world.orders) == live
    shadow = shop.views.shadow()
    assert not shadow.has(world.orders)
    shop.views.discard(shadow)


def test_what_a_crashed_rebuild_left_is_removed_at_the_next_start_when_nobody_needs_it(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    fill(shop)

    def crash(_source: str, _position: int, _head: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        projections.rebuild(progress=crash)
    projections.stop()
    shop.projections(ORDERS).start()
    shadow = shop.views.shadow()
    assert not shadow.has(world.orders)
    shop.views.discard(shadow)


def test_a_new_version_is_rebuilt_before_it_is_served(shop: Shop) -> None:
    first = shop.projections()
    first.start()
    assert first.wait("shop", fill(shop), 10)
    first.stop()
    second = shop.projections(world.another_version(ORDERS), BALANCES)
    assert second.stale() == "other projections"
    second.start()
    assert second.stale() is None
    assert len(shop.rows(world.orders)["orders"]) == 30


def test_a_swap_while_appends_go_on_loses_nothing(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            shop.append(str(number), OrderPlaced("sofa", number), OrderChanged(number + 1))
            shop.bank.pay(str(number), 1)
            number += 1

    writer = world.in_background(write)
    for _ in range(4):
        projections.rebuild()
    over.set()
    writer.join()
    head = shop.store.head().position
    assert projections.wait("shop", head, 20)
    assert projections.wait("bank", shop.bank.head, 20)
    rows = shop.rows()
    assert len(rows["orders"]) * 2 == head == len(rows["changes"])
    assert projections.parked.list() == []
    projections.rebuild()
    assert shop.rows() == rows


def test_readers_never_see_rows_go_back_at_a_swap(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    over = threading.Event()
    unseen: list[int] = []

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            seen = projections.wait("shop", shop.append(str(number), OrderPlaced("sofa", number)), 10)
            if not seen or len(shop.rows(world.orders)["orders"]) != number:
                unseen.append(number)

    writer = world.in_background(write)
    for _ in range(4):
        projections.rebuild()
    over.set()
    writer.join()
    assert unseen == []


def test_a_reader_from_before_the_swap_reads_on(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", fill(shop), 10)
    query = sa.select(sa.func.count()).select_from(world.orders)
    with shop.views.connect() as connection:
        assert connection.execute(query).scalar() == 30
        projections.rebuild()
        projections.rebuild()
        assert projections.wait("shop", shop.append("new", OrderPlaced("sofa", 1)), 5)
        assert connection.execute(query).scalar() in (30, 31)
    with shop.views.connect() as connection:
        assert connection.execute(query).scalar() == 31


def test_the_new_copy_has_its_indexes(shop: Shop) -> None:
    shop.projections().start()
    models = shop.views.live
    with models.database.read() as connection:
        names = {i["name"] for i in sa.inspect(connection).get_indexes("orders", schema=models.schema)}
    assert "orders_by_title" in names

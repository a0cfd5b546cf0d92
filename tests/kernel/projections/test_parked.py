"""What cannot be applied waits for the operator, and its subject waits behind it."""

import pytest

from services.kernel.events import Recorded, Registry
from services.kernel.projections import Projections
from services.kernel.projections.fold import BEHIND
from services.kernel.projections.parked import Retried
from tests.kernel.projections import world
from tests.kernel.projections.world import (
    ORDERS,
    OrderChanged,
    OrderPlaced,
    Shop,
)


@pytest.fixture
def started(shop: Shop) -> Projections:
    projections = shop.projections(ORDERS)
    projections.start()
    return projections


def parked_of(projections: Projections) -> list[tuple[int, str, int]]:
    return [(parked.position, parked.subject, parked.attempts) for parked in projections.parked.list()]


def test_a_failing_message_is_parked_alone_and_the_others_of_its_batch_are_applied(shop: Shop) -> None:
    world.broken.add("2")
    for order in ("1", "2", "3"):
        position = shop.append(order, OrderPlaced("sofa", 100))
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", position, 5)
    assert [row[0] for row in shop.rows(world.orders)["orders"]] == ["1", "3"]
    assert [row[0] for row in shop.rows(world.changes)["changes"]] == ["1", "3"]
    assert parked_of(projections) == [(2, "2", 1)]
    assert projections.parked.counts() == {"orders": 1}


def test_later_messages_of_a_parked_subject_queue_behind_it_and_are_retried_in_order(
    shop: Shop, started: Projections
) -> None:
    world.broken.add("1")
    assert started.wait("shop", shop.append("1", OrderPlaced("sofa", 100)), 5)
    world.broken.clear()
    assert started.wait("shop", shop.append("1", OrderChanged(80), OrderChanged(60)), 5)
    assert started.wait("shop", shop.append("2", OrderPlaced("chair", 5)), 5)
    assert parked_of(started) == [(1, "1", 1), (2, "1", 0), (3, "1", 0)]
    assert started.parked.list()[1].error == BEHIND
    assert started.parked.retry("orders", "shop", "1") == Retried(applied=3, left=0)
    assert started.parked.list() == []
    assert shop.rows(world.changes) == {"changes": [("1", 1, 100), ("1", 2, 80), ("1", 3, 60), ("2", 1, 5)]}
    assert started.wait("shop", shop.append("1", OrderChanged(50)), 5)
    assert shop.rows(world.orders)["orders"][0][3] == 50


def test_a_retry_that_fails_again_leaves_everything_in_its_place(shop: Shop, started: Projections) -> None:
    world.broken.add("1")
    assert started.wait("shop", shop.append("1", OrderPlaced("sofa", 100), OrderChanged(80)), 5)
    assert started.parked.retry("orders", "shop", "1") == Retried(applied=0, left=2)
    assert parked_of(started) == [(1, "1", 2), (2, "1", 0)]
    assert shop.rows(world.orders, world.changes) == {"orders": [], "changes": []}


def test_the_error_tells_where_it_happened_and_no_values(shop: Shop, started: Projections) -> None:
    world.broken.add("Ivanov")
    assert started.wait("shop", shop.append("Ivanov", OrderPlaced("sofa", 100)), 5)
    [parked] = started.parked.list("orders")
    assert parked.error.startswith("KeyError at world.py:")
    assert "Ivanov" not in parked.error


def test_a_parked_message_can_be_looked_at(shop: Shop, started: Projections) -> None:
    world.broken.add("1")
    assert started.wait("shop", shop.append("1", OrderPlaced("sofa", 100)), 5)
    shown = started.parked.show("orders", "shop", 1)
    assert shown is not None
    assert isinstance(shown[1], Recorded)
    assert shown[1].event == OrderPlaced("sofa", 100)
    assert started.parked.show("orders", "shop", 2) is None


def test_a_dropped_message_is_applied_never_again_by_a_rebuild_neither(shop: Shop, started: Projections) -> None:
    assert started.wait("shop", shop.append("1", OrderPlaced("sofa", 100)), 5)
    world.broken.add("1")
    assert started.wait("shop", shop.append("1", OrderChanged(-1), OrderChanged(60)), 5)
    world.broken.clear()
    assert started.parked.drop("orders", "shop", 2)
    assert not started.parked.drop("orders", "shop", 2)
    assert started.parked.retry("orders", "shop", "1") == Retried(applied=1, left=0)
    expected = {"orders": [("1", 3, "sofa", 60, None)], "changes": [("1", 1, 100), ("1", 3, 60)]}
    assert shop.rows(world.orders, world.changes) == expected
    started.rebuild()
    assert shop.rows(world.orders, world.changes) == expected


def test_a_row_that_its_table_refuses_parks_only_its_own_message(shop: Shop) -> None:
    for number in range(10):
        position = shop.append(str(number), OrderPlaced(None if number == 4 else "sofa", number))  # type: ignore[arg-type]
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", position, 5)
    assert parked_of(projections) == [(5, "4", 1)]
    assert len(shop.rows(world.orders)["orders"]) == 9


def test_an_event_that_cannot_be_decoded_any_more_is_parked_where_it_matters(shop: Shop) -> None:
    shop.append("1", OrderPlaced("sofa", "much"))  # type: ignore[arg-type]  # stored by an older release
    shop.append("2", OrderPlaced("chair", 5))
    position = shop.append("3", world.NoteTaken("hello"))
    shop.store.registry = Registry([OrderPlaced, OrderChanged])
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", position, 5)
    [parked] = projections.parked.list()
    assert (parked.position, parked.type) == (1, "OrderPlaced")
    assert parked.error.startswith("ValidationError")
    assert [row[0] for row in shop.rows(world.orders)["orders"]] == ["2"]


def test_a_message_whose_sealed_fields_do_not_open_is_parked(shop: Shop) -> None:
    shop.bank.pay("1", 10)
    shop.bank.pay("2", 20, damaged=True)
    projections = shop.projections(world.BALANCES)
    projections.start()
    assert projections.wait("bank", shop.bank.head, 5)
    assert parked_of(projections) == [(4, "2", 1)]
    assert [row[0] for row in shop.rows(world.paid)["paid"]] == ["1"]


def test_changing_a_row_that_does_not_exist_parks(shop: Shop, started: Projections) -> None:
    assert started.wait("shop", shop.append("1", OrderChanged(1)), 5)
    assert started.parked.list()[0].error == "orders has no such row"

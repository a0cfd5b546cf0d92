"""Read models that follow their sources, on both databases."""

import pytest
import sqlalchemy as sa

from services.kernel.events import Recorded
from services.kernel.projections import Projection, Projections, Rows, runner
from services.kernel.projections import tables as t
from services.kernel.store import tables as store_tables
from tests.kernel.projections import world
from tests.kernel.projections.world import (
    BALANCES,
    ORDERS,
    NoteTaken,
    OrderCancelled,
    OrderChanged,
    OrderPlaced,
    Shop,
)
from tests.system import eventually


def test_what_is_appended_and_received_becomes_rows(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    shop.append("1", OrderPlaced("sofa", 100), OrderChanged(90))
    shop.append("2", OrderPlaced("chair", 30))
    position = shop.append("2", OrderCancelled())
    shop.bank.pay("1", 40)
    assert projections.wait("shop", position, 5)
    assert projections.wait("bank", shop.bank.head, 5)
    assert shop.rows(world.orders, world.changes) == {
        "orders": [("1", 2, "sofa", 90, None)],
        "changes": [("1", 1, 100), ("1", 2, 90), ("2", 1, 30)],
    }
    assert [row[:2] for row in shop.rows(world.balances)["balances"]] == [("1", 50), ("2", 30)]


def test_events_of_types_that_nobody_handles_are_passed_over(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    position = shop.append("1", NoteTaken("hello"))
    assert projections.wait("shop", position, 5)
    assert projections.parked.list() == []


def test_nobody_waits_for_the_checkpoint_of_what_is_passed_over(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PASSED_OVER_FOR", 0.5)
    projections = shop.projections()
    projections.start()
    position = shop.append("1", NoteTaken("hello"))
    assert projections.wait("shop", position, 5)
    assert position not in checkpoints(projections)
    eventually(lambda: checkpoints(projections) == {position})


def checkpoints(projections: Projections) -> set[int]:
    return {following.position for following in projections.status() if following.source == "shop"}


def test_a_private_end_of_a_source_counts_as_reached(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    shop.bank.pay("1", 1)
    shop.bank.mark_tail()
    assert projections.wait("bank", shop.bank.head, 5)
    assert not projections.wait("bank", shop.bank.head + 1, 0.05)


def test_a_source_nobody_hears_is_not_waited_for(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("bank", 1000, 0.05)


def test_read_models_go_on_where_they_were_after_a_restart(shop: Shop) -> None:
    first = shop.projections()
    first.start()
    assert first.wait("shop", shop.append("1", OrderPlaced("sofa", 100)), 5)
    first.stop()
    position = shop.append("1", OrderChanged(70))
    again = shop.projections()
    assert again.stale() is None
    again.start()
    assert again.wait("shop", position, 5)
    assert shop.rows(world.changes) == {"changes": [("1", 1, 100), ("1", 2, 70)]}


def test_the_status_tells_position_and_head(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    position = shop.append("1", OrderPlaced("sofa", 100))
    assert projections.wait("shop", position, 5)
    found = {(f.projection, f.source): (f.position, f.head, f.trouble) for f in projections.status()}
    assert found == {
        ("orders", "shop"): (1, 1, None),
        ("balances", "shop"): (1, 1, None),
        ("balances", "bank"): (0, 0, None),
    }


def test_before_the_read_models_are_built_there_is_nothing_to_tell(shop: Shop) -> None:
    projections = shop.projections()
    assert projections.status() == []
    assert projections.parked.counts() == {}


def test_a_version_with_other_handlers_does_not_write_into_rows_of_this_one(shop: Shop) -> None:
    old = shop.projections()
    old.start()
    new = shop.projections(world.another_version(ORDERS), BALANCES)
    assert new.stale() == "other projections"
    new.rebuild()
    shop.append("1", OrderPlaced("sofa", 100))
    world.eventually(lambda: any("Superseded" in (f.trouble or "") for f in old.status()))
    assert shop.rows(world.orders) == {"orders": []}


def test_rows_ahead_of_a_restored_store_are_rebuilt_before_they_are_served(shop: Shop) -> None:
    projections = shop.projections()
    projections.start()
    assert projections.wait("shop", shop.append("1", OrderPlaced("sofa", 100)), 5)
    projections.stop()
    with shop.store.database.write() as connection:
        connection.execute(sa.delete(store_tables.events))
    restored = shop.projections()
    assert restored.stale() == "ahead of a source"
    restored.start()
    assert shop.rows(world.orders) == {"orders": []}


def test_another_epoch_of_the_store_asks_for_a_rebuild(shop: Shop) -> None:
    shop.projections().start()
    shop.store.begin_epoch()
    assert shop.projections().stale() == "another epoch"


def test_an_unreachable_database_is_tried_again_and_nothing_is_parked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    down = True

    def write(name: str):
        if down:
            raise sa.exc.OperationalError("INSERT", {}, OSError("connection refused"))
        return write_really(name)

    write_really = shop.views.write
    monkeypatch.setattr(shop.views, "write", write)
    position = shop.append("1", OrderPlaced("sofa", 100))
    world.eventually(lambda: projections.status()[0].trouble is not None)
    down = False
    assert projections.wait("shop", position, 5)
    assert projections.parked.list() == []


def test_two_projections_cannot_share_a_table_and_every_source_must_be_given(shop: Shop) -> None:
    def handler(rows: Rows, recorded: Recorded) -> None: ...

    with pytest.raises(ValueError, match="share"):
        shop.projections(ORDERS, Projection("other", (world.orders,), {}))
    with pytest.raises(ValueError, match="tax"):
        shop.projections(Projection("other", (), {"tax": {"TaxPaid": handler}}))


def test_checkpoints_move_with_the_rows(shop: Shop) -> None:
    projections = shop.projections(ORDERS)
    projections.start()
    for number in range(20):
        position = shop.append(str(number), OrderPlaced("sofa", number))
    assert projections.wait("shop", position, 5)
    with shop.views.connect() as connection:
        assert connection.execute(sa.select(t.checkpoints.c.position)).scalar() == position

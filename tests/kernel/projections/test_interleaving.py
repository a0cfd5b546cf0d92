"""Live rows equal rebuilt rows, however the sources interleave."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kernel.projections import Projections, runner
from services.kernel.projections import tables as t
from tests.kernel.projections import world
from tests.kernel.projections.world import OrderCancelled, OrderChanged, OrderPlaced, Shop

ORDER_IDS = st.sampled_from(["1", "2", "3"])
AMOUNTS = st.integers(0, 1000)
OWN = st.tuples(
    ORDER_IDS,
    st.one_of(
        st.builds(OrderPlaced, title=st.sampled_from(["sofa", "chair"]), amount=AMOUNTS),
        st.builds(OrderChanged, amount=AMOUNTS),
        st.just(OrderCancelled()),
        st.just(OrderPlaced(title=None, amount=1)),  # type: ignore[arg-type]  # a row its table refuses
    ),
)
PAYMENTS = st.tuples(ORDER_IDS, AMOUNTS)
STEPS = st.lists(st.one_of(OWN, PAYMENTS, st.sampled_from(["read shop", "read bank", "rebuild"])), max_size=40)


def read(projections: Projections, source: str) -> None:
    """Folds what a source has, in this thread."""
    for following in projections._runners:
        if following.source.name == source:
            while following.step():
                pass


def state(shop: Shop, projections: Projections) -> object:
    """All rows, all checkpoints, and what is parked."""
    parked = [(p.projection, p.source, p.position, p.subject, p.type, p.attempts) for p in projections.parked.list()]
    return shop.rows(), shop.rows(t.checkpoints), sorted(parked)


@pytest.fixture(autouse=True)
def one_order_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "broken", {"3"})


@pytest.fixture(autouse=True)
def checkpoints_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PASSED_OVER_FOR", 0.0)


def play(shop: Shop, steps: list[Any]) -> None:
    projections = shop.projections()
    projections.rebuild()
    for step in steps:
        match step:
            case "rebuild":
                projections.rebuild()
            case str():
                read(projections, step.removeprefix("read "))
            case order_id, int(amount):
                shop.bank.pay(order_id, amount)
            case order_id, event:
                shop.append(order_id, event)
    read(projections, "bank")
    read(projections, "shop")
    live = state(shop, projections)
    projections.rebuild()
    assert state(shop, projections) == live


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_live_equals_rebuilt_on_sqlite(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    folder = tmp_path_factory.mktemp("shop")
    shop = Shop(f"sqlite:///{folder}/events.db", f"sqlite:///{folder}/views.db")
    try:
        play(shop, steps)
    finally:
        shop.close()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_live_equals_rebuilt_on_postgres(new_database, steps: list[Any]) -> None:
    with new_database() as url:
        shop = Shop(url, url)
        try:
            play(shop, steps)
        finally:
            shop.close()

"""A rebuild killed in the middle goes on where it was."""

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from services.kernel.projections import folding
from services.kernel.projections import tables as t
from tests.kernel.projections import world
from tests.kernel.projections.test_rebuild import fill
from tests.kernel.projections.world import ORDERS, Shop

KILLED_AT = 400


def rebuild_until_killed(store_url: str, views_url: str) -> None:
    """What the killed process does: dies where it is told to, else before it writes a chunk."""
    folding.BATCH, folding.UNWRITTEN_ROWS = 10, 50
    shop = Shop(store_url, views_url)

    def die(_source: str, position: int, _head: int) -> None:
        if position >= KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)

    shop.projections(world.another_version(ORDERS)).start(progress=die)


def shadow_position(shop: Shop) -> int:
    """How far the shadow was folded when the process died."""
    shadow = shop.views.shadow()
    with shadow.database.read() as connection:
        position: int = connection.execute(sa.select(t.checkpoints.c.position)).scalar_one()
    shadow.database.close()
    return position


@pytest.mark.parametrize("point", ["", "rebuild.written:3"])
def test_a_rebuild_killed_in_the_middle_is_resumed_and_gives_the_same_rows(
    shop: Shop, shop_urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setenv("REESTR_CRASH_AT", point)
    monkeypatch.setattr(folding, "BATCH", 10)
    first = shop.projections(ORDERS)
    first.start()
    assert first.wait("shop", fill(shop, orders=100), 20)
    expected = shop.rows(world.orders, world.changes)
    first.stop()
    command = [sys.executable, "-m", "tests.kernel.projections.test_crash", *shop_urls]
    child = subprocess.run(command, timeout=60, capture_output=True, check=False)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert shop.rows(world.orders, world.changes) == expected
    left_at = shadow_position(shop)
    assert 0 < left_at < KILLED_AT
    told: list[int] = []
    second = shop.projections(world.another_version(ORDERS))
    second.start(progress=lambda _source, position, _head: told.append(position))
    assert told[0] == left_at + folding.BATCH
    assert shop.rows(world.orders, world.changes) == expected


if __name__ == "__main__":
    rebuild_until_killed(*sys.argv[1:])

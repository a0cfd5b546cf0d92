from collections.abc import Iterator
from pathlib import Path

import pytest

from services.kernel.projections import runner
from tests.kernel.projections import world
from tests.kernel.projections.world import Shop


@pytest.fixture
def shop_urls(any_database: str, tmp_path: Path) -> tuple[str, str]:
    """Where the store and the read models live: on PostgreSQL in one database, on SQLite in two files."""
    is_sqlite = any_database.startswith("sqlite")
    return any_database, f"sqlite:///{tmp_path}/views.db" if is_sqlite else any_database


@pytest.fixture
def shop(shop_urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(runner, "POLL", 0.1)  # so that stopping is quick
    shop = Shop(*shop_urls)
    yield shop
    shop.close()
    world.broken.clear()

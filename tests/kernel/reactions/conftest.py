from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.kernel.projections import engine
from services.kernel.projections import runner as projection_runner
from services.kernel.reactions import reactions
from tests.kernel.reactions.world import Bank, Office, Outside


@pytest.fixture(autouse=True)
def _quick_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loops look every moment whether they are to stop."""
    monkeypatch.setattr(reactions, "IDLE", 0.05)
    monkeypatch.setattr(projection_runner, "POLL", 0.05)
    monkeypatch.setattr(engine, "ELECTION_PAUSE", 0.05)


@pytest.fixture
def urls(any_database: str, tmp_path: Path) -> tuple[str, str]:
    """Where the store and the read models live: on PostgreSQL in one database, on SQLite in two files."""
    is_sqlite = any_database.startswith("sqlite")
    return any_database, f"sqlite:///{tmp_path}/views.db" if is_sqlite else any_database


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def open_office(urls: tuple[str, str], bank: Bank) -> Iterator[Callable[[], Office]]:
    """Opens the office, once for each process there is to be."""
    opened: list[Office] = []

    def make() -> Office:
        opened.append(Office(*urls, bank))
        return opened[-1]

    yield make
    for office in opened:
        office.close()


@pytest.fixture
def office(open_office: Callable[[], Office]) -> Office:
    return open_office()

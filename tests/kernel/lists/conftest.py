"""A shelf full of things, once on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.kernel.lists.shelf import Shelf, opened, sample


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Two hundred things that no test changes."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('shelf')}/views.db"
    else:
        url = request.getfixturevalue("module_database")
    with opened(url) as shelf:
        shelf.put(sample(1, 200))
        yield shelf


@pytest.fixture
def shelf(any_database: str) -> Iterator[Shelf]:
    with opened(any_database) as empty:
        yield empty

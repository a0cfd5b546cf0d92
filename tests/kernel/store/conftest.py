import pytest

from tests.kernel.store.samples import PaperSeal, open_sample


@pytest.fixture
def seal():
    return PaperSeal()


@pytest.fixture
def store(any_database, seal):
    store = open_sample(any_database, seal)
    yield store
    store.database.close()


@pytest.fixture
def replica(store, any_database, seal):
    """The same store opened a second time, as another process of the service would."""
    replica = open_sample(any_database, seal)
    yield replica
    replica.database.close()


@pytest.fixture
def pg_store(database):
    store = open_sample(database)
    yield store
    store.database.close()


@pytest.fixture
def pg_replica(pg_store, database):
    replica = open_sample(database)
    yield replica
    replica.database.close()

import psycopg2
import pytest

from tests.kernel.store.samples import PaperSeal, open_sample


@pytest.fixture
def database(module_database):
    """One database for a module, emptied for each test: that is faster than a new one."""
    connection = psycopg2.connect(module_database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        cursor.execute("DROP SCHEMA IF EXISTS store CASCADE")
    connection.close()
    return module_database


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

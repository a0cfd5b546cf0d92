import threading
import time

import pytest
import sqlalchemy as sa

from services.kernel.database import Database

metadata = sa.MetaData(schema="store")
notes = sa.Table("notes", metadata, sa.Column("n", sa.Integer, primary_key=True))
CUT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def opened(url):
    database = Database(url)
    database.create(metadata)
    return database


@pytest.fixture
def db(any_database):
    db = opened(any_database)
    yield db
    db.close()


@pytest.fixture
def pg(database):
    pg = opened(database)
    yield pg
    pg.close()


def add(database, n):
    with database.write() as connection:
        connection.execute(sa.insert(notes).values(n=n))


def seen(database):
    with database.read() as connection:
        return list(connection.execute(sa.select(notes.c.n).order_by(notes.c.n)).scalars())


def test_a_transaction_is_kept_or_undone_as_a_whole(db):
    add(db, 1)
    with pytest.raises(ZeroDivisionError), db.write() as connection:
        connection.execute(sa.insert(notes).values(n=2))
        raise ZeroDivisionError
    with pytest.raises(sa.exc.IntegrityError), db.write() as connection:
        connection.execute(sa.insert(notes).values(n=3))
        connection.execute(sa.insert(notes).values(n=1))
    assert seen(db) == [1]


def test_a_connection_that_was_read_on_begins_transactions_again(db):
    for n in range(5):
        assert seen(db) == []
        with pytest.raises(ZeroDivisionError), db.write() as connection:
            connection.execute(sa.insert(notes).values(n=n))
            raise ZeroDivisionError
    assert seen(db) == []


def test_every_statement_of_a_reader_sees_what_is_committed(db):
    with db.read() as connection:
        count = sa.select(sa.func.count()).select_from(notes)
        assert connection.execute(count).scalar() == 0
        add(db, 1)
        assert connection.execute(count).scalar() == 1


def test_a_failed_read_leaves_a_good_connection(db):
    for _ in range(40):
        with pytest.raises(sa.exc.DBAPIError), db.read() as connection:
            connection.execute(sa.text("SELECT nonsense FROM nowhere"))
    assert seen(db) == []
    assert db.engine.pool.checkedout() == 0


def test_creating_again_changes_nothing(db):
    add(db, 1)
    threads = [threading.Thread(target=db.create, args=(metadata,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen(db) == [1]


def test_writers_of_one_process_wait_for_each_other_on_sqlite(tmp_path):
    db = opened(f"sqlite:///{tmp_path}/events.db")
    order = []

    def second():
        with db.write():
            order.append("second")

    with db.write():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    db.close()


def test_connections_cut_while_they_are_read_on_take_no_place_in_the_pool(pg, database, monkeypatch):
    """Cut after the last answer, so that nobody has noticed when the connection goes back."""
    monkeypatch.setattr("services.kernel.database.TRUSTED_SECONDS", -1)
    other = Database(database)
    for _ in range(40):
        with pg.read() as connection:
            connection.execute(sa.select(notes)).all()
            with other.read() as cutting:
                cutting.execute(sa.text(CUT_OTHERS))
    assert pg.engine.pool.checkedout() == 0
    add(pg, 1)
    assert seen(pg) == [1]
    other.close()


def test_connections_cut_while_they_were_idle_are_not_noticed(pg, database, monkeypatch):
    monkeypatch.setattr("services.kernel.database.TRUSTED_SECONDS", 0.01)
    with pg.read(), pg.read(), pg.read():
        pass
    other = Database(database)
    with other.read() as cutting:
        cutting.execute(sa.text(CUT_OTHERS))
    time.sleep(0.02)
    add(pg, 1)
    assert seen(pg) == [1]
    other.close()


def test_connections_cut_a_moment_after_their_last_use_fail_once_and_together(pg, database):
    with pg.read(), pg.read(), pg.read():
        pass
    other = Database(database)
    with other.read() as cutting:
        cutting.execute(sa.text(CUT_OTHERS))
    with pytest.raises(sa.exc.OperationalError):
        seen(pg)
    assert seen(pg) == []
    with pg.read(), pg.read(), pg.read():
        assert seen(pg) == []
    other.close()


def test_connections_cut_in_a_transaction_take_no_place_in_the_pool(pg, database):
    other = Database(database)
    for n in range(40):
        with pytest.raises(sa.exc.OperationalError), pg.write() as connection:
            connection.execute(sa.insert(notes).values(n=n))
            with other.read() as cutting:
                cutting.execute(sa.text(CUT_OTHERS))
    assert pg.engine.pool.checkedout() == 0
    assert seen(pg) == []
    other.close()


def test_a_statement_ends_in_bounded_time(pg, monkeypatch):
    monkeypatch.setattr("services.kernel.database.STATEMENT_TIMEOUT_MS", 100)
    bounded = Database(str(pg.url.render_as_string(hide_password=False)))
    with pytest.raises(sa.exc.OperationalError, match="statement timeout"), bounded.read() as connection:
        connection.execute(sa.text("SELECT pg_sleep(5)"))
    bounded.close()

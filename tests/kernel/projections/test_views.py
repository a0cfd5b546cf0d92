"""The files of the read models on SQLite."""

from pathlib import Path

import sqlalchemy as sa

from services.kernel.views import SqliteViews, open_views
from tests.kernel.projections import world
from tests.kernel.projections.world import ORDERS, OrderPlaced, Shop


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith("views")}


def databases(folder: Path) -> set[str]:
    return {name for name in files(folder) if not name.endswith(("-wal", "-shm"))}


def shop_in(folder: Path) -> Shop:
    return Shop(f"sqlite:///{folder}/events.db", f"sqlite:///{folder}/views.db")


def test_after_a_swap_only_the_live_file_is_left(tmp_path: Path) -> None:
    shop = shop_in(tmp_path)
    projections = shop.projections(ORDERS)
    projections.start()
    projections.rebuild()
    world.eventually(lambda: databases(tmp_path) == {"views.db", "views.2.db"})
    assert (tmp_path / "views.db").readlink() == Path("views.2.db")
    shop.close()


def test_an_old_file_stays_until_its_last_reader_leaves(tmp_path: Path) -> None:
    shop = shop_in(tmp_path)
    projections = shop.projections(ORDERS)
    projections.start()
    assert projections.wait("shop", shop.append("1", OrderPlaced("sofa", 1)), 5)
    with shop.views.connect() as connection:
        projections.rebuild()
        assert "views.1.db" in files(tmp_path)
        assert connection.execute(sa.select(world.orders.c.id)).scalars().all() == ["1"]
    world.eventually(lambda: "views.1.db" not in files(tmp_path))
    assert shop.rows(world.changes) == {"changes": [("1", 1, 1)]}
    shop.close()


def test_files_a_crash_left_behind_are_removed_and_a_shadow_is_kept(tmp_path: Path) -> None:
    shop = shop_in(tmp_path)
    projections = shop.projections(ORDERS)
    projections.start()
    projections.rebuild()
    shop.close()
    for name in ("views.1.db", "views.1.db-wal", "views.3.db", "views.10.db.txt"):
        (tmp_path / name).touch()
    views = open_views(f"sqlite:///{tmp_path}/views.db")
    assert isinstance(views, SqliteViews)
    assert files(tmp_path) == {"views.db", "views.2.db", "views.3.db", "views.10.db.txt"}
    views.close()


def test_a_database_file_in_the_place_of_the_link_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "views.db").write_bytes(b"")
    shop = shop_in(tmp_path)
    shop.append("1", OrderPlaced("sofa", 1))
    shop.projections(ORDERS).start()
    assert len(shop.rows(world.orders)["orders"]) == 1
    assert (tmp_path / "views.db").is_symlink()
    shop.close()

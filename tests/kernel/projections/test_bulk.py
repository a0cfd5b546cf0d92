"""Many rows at once, alike on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from services.kernel.projections.bulk import BulkTable
from services.kernel.projections.rows import Unfit
from services.kernel.views import ReadModels, open_views
from tests.kernel.projections.world import changes, orders

metadata = sa.MetaData(schema="views")
everything = sa.Table(
    "everything",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("whole", sa.BigInteger),
    sa.Column("yes", sa.Boolean),
    sa.Column("ratio", sa.Float),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("json", sa.JSON),
    sa.Column("day", sa.Date),
    sa.Column("limit", sa.Text),
)
keys_only = sa.Table("keys_only", metadata, sa.Column("id", sa.Text, primary_key=True))
TABLES = [orders, changes, everything, keys_only]


@pytest.fixture
def models(shop_urls: tuple[str, str]) -> Iterator[ReadModels]:
    views = open_views(shop_urls[1])
    shadow = views.shadow()
    shadow.create(TABLES)
    yield shadow
    shadow.database.close()
    views.close()


def bulk(models: ReadModels, table: sa.Table) -> BulkTable:
    return BulkTable(table, models.schema, models.database.engine.dialect)


def order(number: int, **values: Any) -> dict[str, Any]:
    return {"id": f"{number:05}", "version": 1, "title": "sofa", "amount": number, "note": None, **values}


def test_rows_are_inserted_replaced_and_deleted(models: ReadModels) -> None:
    table = bulk(models, orders)
    with models.database.write() as connection:
        table.write(connection, [order(n) for n in range(12_000)], [])
        table.write(connection, [order(1, title="chair"), order(12_001)], ["00002", "no such"])
        keys = ["00001", "00002", "12001", "other"]
        assert table.load(connection, keys) == {"00001": order(1, title="chair"), "12001": order(12_001)}
        count = connection.execute(sa.select(sa.func.count()).select_from(orders)).scalar()
    assert count == 12_000


def test_keys_of_several_columns(models: ReadModels) -> None:
    table = bulk(models, changes)
    rows = [{"order_id": "1", "number": n, "amount": n} for n in range(3)]
    with models.database.write() as connection:
        table.write(connection, rows, [])
        table.write(connection, [], [("1", 0)])
        assert table.load(connection, [("1", 0), ("1", 2), ("2", 2)]) == {("1", 2): rows[2]}


@pytest.mark.parametrize(
    "values",
    [
        {"whole": 2**62, "yes": True, "ratio": 0.1, "bytes": b"\x00\xff", "json": {"a": [1, None]}},
        {"whole": -1, "yes": False, "ratio": -1e300, "bytes": b"", "json": ["б"], "day": date(2026, 2, 28)},
        {"limit": "quote ' \" \\ % %s \n\t строка ₽ 🙂"},
        {},
    ],
)
def test_every_type_comes_back_as_it_went_in(models: ReadModels, values: dict[str, Any]) -> None:
    row = {column.name: values.get(column.name) for column in everything.columns} | {"id": "1"}
    table = bulk(models, everything)
    with models.database.write() as connection:
        table.write(connection, [row], [])
        assert table.load(connection, ["1"]) == {"1": row}


def test_a_table_of_nothing_but_its_key(models: ReadModels) -> None:
    table = bulk(models, keys_only)
    with models.database.write() as connection:
        table.write(connection, [{"id": "1"}, {"id": "2"}], [])
        table.write(connection, [{"id": "1"}], [])
        assert table.load(connection, ["1", "2", "3"]) == {"1": {"id": "1"}, "2": {"id": "2"}}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"amount": "7"}, "orders.amount is int, not str"),
        ({"amount": True}, "orders.amount is int, not bool"),
        ({"amount": Decimal(7)}, "orders.amount is int, not Decimal"),
        ({"title": 7}, "orders.title is str, not int"),
        ({"title": datetime(2026, 1, 1, tzinfo=UTC)}, "orders.title is str, not datetime"),
    ],
)
def test_values_of_another_type_than_their_column_are_refused(
    models: ReadModels, values: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Unfit, match=reason), models.database.write() as connection:
        bulk(models, orders).write(connection, [order(1, **values)], [])


def test_a_null_where_none_is_allowed_is_refused_naming_the_column_and_no_values(models: ReadModels) -> None:
    with pytest.raises(Unfit, match="title") as refused, models.database.write() as connection:
        bulk(models, orders).write(connection, [order(1, title=None, note="secret")], [])
    assert "secret" not in str(refused.value)

"""A resource with a field of every kind, filled as projections fill it."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel.database import Database
from services.kernel.lists import Field, Kind, Resource
from services.kernel.lists.columns import money_columns, text_columns, texts_columns
from services.kernel.projections.bulk import BulkTable
from services.kernel.projections.rows import Rows
from services.kernel.rights import EVERYTHING, Rights

metadata = sa.MetaData(schema="views")
things = sa.Table(
    "things",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("owner", sa.Text),
    sa.Column("kind", sa.Text),
    *text_columns("title"),
    *texts_columns("phones"),
    sa.Column("size", sa.BigInteger),
    *money_columns("amount"),
    sa.Column("day", sa.Text),
    sa.Column("made_at", sa.BigInteger),
    sa.Column("done", sa.Boolean),
    sa.Column("note", sa.Text),
)

THINGS = Resource(
    "thing",
    "thing_id",
    things,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("owner", Kind.ID),
        Field("kind", Kind.WORD, words=("large", "small", "smaller")),
        Field("title", Kind.TEXT),
        Field("phones", Kind.TEXTS, masked="phone"),
        Field("size", Kind.NUMBER),
        Field("amount", Kind.MONEY),
        Field("day", Kind.DATE),
        Field("made_at", Kind.TIME),
        Field("done", Kind.FLAG),
        Field("note", Kind.JSON),
    ),
    owners=(things.c.owner,),
)

TITLES = (
    "Стол", "стол ОБЕДЕННЫЙ", "Ёлка", "елка", "Ежи", "Жук", "ООО «Ромашка»", "ооо ромашка", "100% дуб", "a_b", "aXb",
    "back\\slash", "слэш / черта", "it's", "", None, "🪑 стул", "Straße", "STRASSE", "два\u00a0 пробела", "Яма",
)  # fmt: skip
PHONES = ({"written": "8 (916) 123-45-67", "number": "+79161234567"}, {"written": "123", "number": None})
AMOUNTS = ("0.00", "9.90", "10.00", "100.00", "99.99", "1000000.00", "-5.00", "9999999999999999.99", None)


def sample(seed: int, count: int) -> list[dict[str, Any]]:
    """Rows with many equal values and many nulls."""
    chance = random.Random(seed)
    return [thing(f"{number:04}", chance) for number in range(count)]


def thing(id_: str, chance: random.Random) -> dict[str, Any]:
    return {
        "id": id_,
        "version": chance.randint(1, 3),
        "owner": chance.choice(["anna", "boris", None]),
        "kind": chance.choice(["large", "small", "smaller", None]),
        "title": chance.choice(TITLES),
        "phones": msgspec.json.encode(chance.sample(PHONES, chance.randint(0, 2))).decode(),
        "size": chance.choice([0, 1, 10, 9, 2**60, -7, None]),
        "amount": chance.choice(AMOUNTS),
        "day": chance.choice(["2026-01-31", "2026-02-01", "2025-12-31", "0999-01-01", None]),
        "made_at": chance.choice([1_769_806_800_000_000, 1_769_893_199_999_999, 1_769_893_200_000_000, 0, None]),
        "done": chance.choice([True, False, None]),
        "note": msgspec.json.encode({"a": Decimal(1)}).decode(),
    }


class Shelf:
    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.create(metadata)
        schema = None if self.database.is_sqlite else "views"
        self._table = BulkTable(things, schema, self.database.engine.dialect)

    def put(self, rows: Sequence[dict[str, Any]]) -> None:
        with self.database.write() as connection:
            written = Rows([things], lambda _, keys: self._table.load(connection, keys))
            for row in rows:
                written.put(things, row)
            written.flush(lambda _, changed, gone: self._table.write(connection, changed, gone))

    def change(self, id_: str, **values: Any) -> None:
        with self.database.write() as connection:
            written = Rows([things], lambda _, keys: self._table.load(connection, keys))
            written.change(things, id_, **values)
            written.flush(lambda _, changed, gone: self._table.write(connection, changed, gone))

    def get(self, id_: str, rights: Rights = EVERYTHING) -> dict[str, Any]:
        with self.database.read() as connection:
            return THINGS.get(connection, {"thing_id": id_}, rights)

    def page(self, rights: Rights = EVERYTHING, **arguments: Any) -> dict[str, Any]:
        with self.database.read() as connection:
            return THINGS.page(connection, {"limit": 500, **arguments}, rights)

    def ids(self, rights: Rights = EVERYTHING, **arguments: Any) -> list[str]:
        return [item["id"] for item in self.page(rights, **arguments)["items"]]

    def walk(self, limit: int, **arguments: Any) -> Iterator[list[dict[str, Any]]]:
        """Page after page."""
        ask = partial(self.page, limit=limit, **arguments)
        answer = ask()
        yield answer["items"]
        while answer["next"] is not None:
            answer = ask(cursor=answer["next"])
            yield answer["items"]


@contextmanager
def opened(url: str) -> Iterator[Shelf]:
    shelf = Shelf(url)
    yield shelf
    shelf.database.close()

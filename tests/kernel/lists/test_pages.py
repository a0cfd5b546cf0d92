from typing import Any

import marshmallow as ma
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.database import Database
from services.kernel.lists import ListSchema, Page, decode_cursor, encode_cursor

metadata = sa.MetaData(schema="views")
things = sa.Table("things", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("size", sa.Integer))


@pytest.fixture
def shelf(any_database):
    database = Database(any_database)
    database.create(metadata)
    yield database
    database.close()


def put(shelf, *ids):
    with shelf.write() as connection:
        connection.execute(sa.insert(things), [{"id": id, "size": len(id)} for id in ids])


def page(shelf: Database, limit: int, cursor: str | None = None) -> dict[str, Any]:
    arguments = ListSchema().load({"limit": limit, **({"cursor": cursor} if cursor else {})})
    with shelf.read() as connection:
        return Page.of(arguments).answer(connection, sa.select(things), things.c.id, lambda row: dict(row._mapping))


def all_pages(shelf, limit):
    found, cursor = [], None
    while True:
        answer = page(shelf, limit, cursor)
        found.append([item["id"] for item in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("count", "limit", "sizes"), [(0, 2, [0]), (1, 2, [1]), (2, 2, [2]), (3, 2, [2, 1]), (4, 2, [2, 2]), (5, 500, [5])]
)
def test_pages_are_full_but_for_the_last_and_the_last_says_so(shelf, count, limit, sizes):
    if count:
        put(shelf, *(f"{number:03}" for number in range(count)))
    pages = all_pages(shelf, limit)
    assert [len(one) for one in pages] == sizes
    assert [id for one in pages for id in one] == [f"{number:03}" for number in range(count)]


def test_rows_written_between_pages_neither_repeat_nor_hide_others(shelf):
    put(shelf, "b", "d", "f")
    first = page(shelf, 2)
    put(shelf, "a", "c", "e")
    second = page(shelf, 9, first["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == ["b", "d", "e", "f"]


def test_a_view_shows_no_key_of_the_page(shelf):
    put(shelf, "a")
    assert page(shelf, 5)["items"] == [{"id": "a", "size": 1}]


@given(st.text())
def test_a_cursor_comes_back_as_it_was_given(value):
    try:
        cursor = encode_cursor(value)
    except UnicodeEncodeError:
        return
    assert decode_cursor(cursor) == value
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&? ")


@pytest.mark.parametrize(
    "cursor", ["%", "nonsense", "AAAA", encode_cursor(5), encode_cursor(["a"]), encode_cursor("a\0b"), "ы", "a" * 2001]
)
def test_what_is_no_cursor_is_blamed(cursor):
    with pytest.raises(ma.ValidationError) as refused:
        ListSchema().load({"cursor": cursor})
    assert refused.value.messages_dict.keys() == {"cursor"}


@pytest.mark.parametrize("limit", [0, 501, -1, "a", "1.5", None])
def test_a_limit_is_within_its_bounds(limit):
    with pytest.raises(ma.ValidationError) as refused:
        ListSchema().load({"limit": limit})
    assert refused.value.messages_dict.keys() == {"limit"}

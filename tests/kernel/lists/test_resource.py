"""One row or a page of rows: order, cursors, fields, and whose rows they are."""

import random
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kernel.errors import Invalid, NotFound
from services.kernel.lists import encode_cursor
from services.kernel.rights import Rights
from tests.kernel.lists.shelf import THINGS, sample, thing

SORTABLE = THINGS.describe()["sort"]
sorts = st.lists(st.sampled_from(SORTABLE), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(*(st.sampled_from([name, f"-{name}"]) for name in names)).map(",".join)
)


def expected(views, sort):
    """The ids in order: by each key in its turn, what is missing last, then by id."""
    views = sorted(views, key=lambda view: view["id"])
    for key in reversed(sort.split(",")):
        field = THINGS.by_name[key.removeprefix("-")]
        held = [(view, field.comparable(view[field.name])) for view in views]
        there = [pair for pair in held if pair[1] is not None]
        there.sort(key=lambda pair: pair[1], reverse=key.startswith("-"))
        if key.startswith("-"):  # turning round must not turn those of equal place
            there = [pair for value in dict.fromkeys(p[1] for p in there) for pair in held if pair[1] == value]
        views = [view for view, _ in there] + [view for view, value in held if value is None]
    return [view["id"] for view in views]


@given(sort=sorts, limit=st.integers(1, 60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_in_any_order_hold_every_row_once(filled, sort, limit):
    pages = list(filled.walk(limit, sort=sort))
    assert [view["id"] for page in pages for view in page] == expected(filled.page()["items"], sort)
    assert all(len(page) == limit for page in pages[:-1])


def test_letters_come_in_the_order_of_the_alphabet_with_yo_beside_ye(shelf):
    chance = random.Random(1)
    names = ["Яма", "ель", "Ёж", "Ежи", "ёлка", "Жук", "ООО «Ёрш»", "ооо Ерша", "Бук", "дуб", None]
    shelf.put([{**thing(str(n), chance), "title": name} for n, name in enumerate(names)])
    titles = [item["title"] for item in shelf.page(sort="title")["items"]]
    assert titles == ["Бук", "дуб", "Ёж", "Ежи", "ёлка", "ель", "Жук", "ООО «Ёрш»", "ооо Ерша", "Яма", None]
    assert [item["title"] for item in shelf.page(sort="-title")["items"]] == [*titles[-2::-1], None]


@pytest.mark.parametrize("sort", ["", "title", "-amount,title", "-made_at", "kind,-size,id", "-id", "done"])
def test_rows_written_between_pages_neither_repeat_nor_hide_others(shelf, sort):
    chance = random.Random(3)
    shelf.put(sample(2, 60))
    stays = {f"{number:04}" for number in range(60)}
    seen, number = [], 60
    for page in shelf.walk(7, sort=sort):
        seen += [item["id"] for item in page]
        shelf.put([thing(f"{chance.choice(['0', '1'])}{number + more:03}x", chance) for more in range(5)])
        number += 5
        if number > 400:
            break
    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


def test_the_row_a_cursor_marks_may_change_or_go_and_the_others_stay_in_place(shelf):
    shelf.put([{**thing(f"{n:02}", random.Random(n)), "amount": f"{n}.00"} for n in range(10)])
    first = shelf.page(limit=4, sort="amount")
    shelf.change("03", amount="50.00")
    second = shelf.page(limit=4, sort="amount", cursor=first["next"])
    assert [item["id"] for item in second["items"]] == ["04", "05", "06", "07"]


def test_walking_while_others_write_shows_every_old_row_once(shelf):
    shelf.put(sample(4, 120))
    over = threading.Event()

    def write() -> None:
        chance = random.Random(5)
        for number in range(300):
            if over.is_set():
                return
            shelf.put([thing(f"n{number:04}", chance)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [item["id"] for page in shelf.walk(9, sort="-amount,title") for item in page]
    finally:
        over.set()
        writer.join()
    assert len(seen) == len(set(seen))
    assert {f"{number:04}" for number in range(120)} <= set(seen)


def test_a_cursor_belongs_to_its_list_filter_and_order(filled):
    cursor = filled.page(limit=3, sort="-amount", filter="size > 0")["next"]
    assert filled.page(limit=9, sort="-amount", filter="size > 0", cursor=cursor, fields=("title",))["items"]
    for other in (
        {"sort": "-amount"},
        {"sort": "amount", "filter": "size > 0"},
        {"sort": "-amount", "filter": "size > 1"},
        {"sort": "-amount", "filter": "size > 0", "kind": "large"},
    ):
        assert wrong_cursor(filled, cursor, **other)


def wrong_cursor(filled, cursor, **arguments):
    with pytest.raises(Invalid) as refused:
        filled.page(cursor=cursor, **arguments)
    [error] = refused.value.errors
    return (error.field, error.code) == ("cursor", "wrong-cursor")


bound = THINGS._bound_to({"sort": "size"})


@pytest.mark.parametrize(
    "cursor",
    [
        "%",
        "nonsense",
        "ы",
        encode_cursor(5),
        encode_cursor([]),
        encode_cursor([bound]),
        encode_cursor([bound, []]),
        encode_cursor([bound, [1]]),
        encode_cursor([bound, [1, None]]),
        encode_cursor([bound, [1, 2]]),
        encode_cursor([bound, ["a", "b"]]),
        encode_cursor([bound, [True, "b"]]),
        encode_cursor([bound, [1.5, "b"]]),
        encode_cursor([bound, [2**63, "b"]]),
        encode_cursor([bound, [1, "a\0b"]]),
        encode_cursor([bound, [1, "a", "b"]]),
        encode_cursor([bound, [[1], "a"]]),
    ],
)
def test_what_is_no_cursor_is_blamed(filled, cursor):
    assert wrong_cursor(filled, cursor, sort="size")
    assert filled.page(sort="size", cursor=encode_cursor([bound, [1, "b"]]))


@given(cursor=st.text(max_size=40) | st.binary(max_size=40).map(encode_cursor))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_for_a_cursor_is_blamed_at_worst(filled, cursor):
    assert cursor == "" or wrong_cursor(filled, cursor)


@pytest.mark.parametrize(
    ("sort", "code"),
    [
        ("colour", "unknown-sort-field"),
        ("phones", "unknown-sort-field"),
        ("note", "unknown-sort-field"),
        ("--size", "unknown-sort-field"),
        ("size desc", "unknown-sort-field"),
        ("size,", "unknown-sort-field"),
        ("size,-size", "wrong-sort"),
        ("size,amount,day,title", "wrong-sort"),
    ],
)
def test_an_order_that_cannot_be_is_refused(filled, sort, code):
    with pytest.raises(Invalid) as refused:
        filled.page(sort=sort)
    [error] = refused.value.errors
    assert (error.field, error.code) == ("sort", code)


def test_only_the_fields_asked_for_are_shown_with_id_and_version(filled):
    whole = filled.page(limit=5)["items"]
    some = filled.page(limit=5, fields=("amount", "phones"))["items"]
    names = ("id", "version", "phones", "amount")
    assert some == [{name: view[name] for name in names} for view in whole]
    with pytest.raises(Invalid) as refused:
        filled.page(fields=("amount", "colour"))
    [error] = refused.value.errors
    assert (error.field, error.code) == ("fields", "unknown-field")
    assert "colour" in error.en


@pytest.mark.parametrize(
    "users", [frozenset({"anna"}), frozenset({"anna", "boris"}), frozenset({"nobody"}), frozenset()]
)
def test_only_rows_of_the_callers_users_are_seen(filled, users):
    rights = Rights(users)
    every = filled.page()["items"]
    own = [view["id"] for view in every if view["owner"] in users]
    assert filled.ids(rights) == own
    assert filled.ids(rights, filter="owner != null OR owner = null") == own
    for view in every[:20]:
        if view["owner"] in users:
            assert filled.get(view["id"], rights) == view
        else:
            with pytest.raises(NotFound):
                filled.get(view["id"], rights)


def test_masked_fields_show_a_part_only(filled):
    rights = Rights(masked=frozenset({"phone"}))
    [number] = {p["number"] for view in filled.page(rights)["items"] for p in view["phones"] if p["number"]}
    assert number == "+7 *** ***-45-67"
    [one, *_] = filled.ids(filter="phones = +79161234567")
    for view in (filled.get(one, rights), filled.page(rights, id=one)["items"][0]):
        assert {"written": "+7 *** ***-45-67", "number": "+7 *** ***-45-67"} in view["phones"]
    assert {"written": "8 (916) 123-45-67", "number": "+79161234567"} in filled.get(one)["phones"]

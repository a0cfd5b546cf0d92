"""What can be written as a filter, and where it is said not to be one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import Invalid
from services.kernel.lists.syntax import Group, Negation, Restriction, parse


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        parse(text)
    [error] = refused.value.errors
    assert error.field == "filter"
    assert error.ru.startswith("Знак ")
    return error.code, error.en.partition(":")[0]


def test_a_condition_keeps_what_was_written_and_where():
    tree = parse('  title : "стул \\"люкс\\"" ')
    assert isinstance(tree, Restriction)
    [value] = tree.values
    assert (tree.field, tree.operator, tree.at) == ("title", ":", 3)
    assert (value.text, value.quoted, value.at, value.open_end) == ('стул "люкс"', True, 11, False)


@pytest.mark.parametrize(
    ("written", "text", "open_end"),
    [
        ('"Ром*"', "Ром", True),
        ("'Ром*'", "Ром", True),
        ('"Ром\\*"', "Ром*", False),
        ('"Ром\\\\*"', "Ром\\", True),
        ('"*мебель"', "*мебель", False),
        ('"*"', "", True),
        ("2026-01-31T10:00:00+03:00", "2026-01-31T10:00:00+03:00", False),
        ("2026-01-31", "2026-01-31", False),
        ("-100.50", "-100.50", False),
        ("won", "won", False),
        ("новая", "новая", False),
        ("a*", "a*", False),
    ],
)
def test_values_are_quoted_or_bare(written, text, open_end):
    tree = parse(f"field={written}")
    assert isinstance(tree, Restriction)
    [value] = tree.values
    assert (value.text, value.open_end) == (text, open_end)


def test_not_and_or_and_parentheses_make_a_tree():
    tree = parse("NOT (a = 1 OR b IN (2, x)) AND custom.colour != null")
    assert isinstance(tree, Group)
    assert tree.word == "AND"
    negation, last = tree.inner
    assert isinstance(negation, Negation)
    assert isinstance(negation.inner, Group)
    assert isinstance(last, Restriction)
    assert (negation.inner.word, last.field) == ("OR", "custom.colour")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a = 1 AND b = 2 OR c = 3", "mixed-and-or", "Character 17"),
        ("a = 1 OR b = 2 AND c = 3", "mixed-and-or", "Character 16"),
        ("a = ", "wrong-filter", "Character 5"),
        ("", "wrong-filter", "Character 1"),
        ("a", "wrong-filter", "Character 2"),
        ('a = "x', "wrong-filter", "Character 5"),
        ('a = "x\\', "wrong-filter", "Character 5"),
        ("a = 1 b = 2", "wrong-filter", "Character 7"),
        ("a = 1 and b = 2", "wrong-filter", "Character 7"),
        ("a == 1", "wrong-filter", "Character 4"),
        ("(a = 1", "wrong-filter", "Character 7"),
        ("a IN ()", "wrong-filter", "Character 7"),
        ("имя = 1", "wrong-filter", "Character 1"),
        ("a = 1; DROP TABLE x", "wrong-filter", "Character 8"),
    ],
)
def test_what_is_no_filter_is_refused_at_its_place(text, code, place):
    assert refusal(text) == (code, place)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 11 + "a = 1" + ")" * 11,
        "(" * 900 + "a = 1" + ")" * 900,
        "NOT " * 400 + "a = 1",
        " OR ".join(["a = 1"] * 51),
        f"a IN ({','.join('1' * 101)})",
        f'a = "{"x" * 2000}"',
    ],
)
def test_length_depth_and_number_are_bounded(text):
    assert refusal(text)[0] == "filter-too-complex"


def test_what_is_just_within_the_bounds_is_taken():
    assert isinstance(parse("(" * 10 + "a = 1" + ")" * 10), Restriction)
    assert isinstance(parse(" OR ".join(["a = 1"] * 50)), Group)
    assert isinstance(parse(f"a IN ({','.join('1' * 100)})"), Restriction)


@given(st.text(max_size=60) | st.text("ab=<>!:()\"'\\*, ANDORIT\n0", max_size=60))
def test_any_text_is_a_filter_or_refused(text):
    with suppress(Invalid):
        parse(text)

"""Filters mean the same on both databases and to the evaluator."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kernel.errors import Invalid
from services.kernel.lists.filters import matches, read_filter
from services.kernel.rights import Rights
from tests.kernel.lists.shelf import THINGS, TITLES

quoted = st.sampled_from([title for title in TITLES if title]).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
)
parts = st.text("стёлЕЖ %_\\a*/'«», 1", min_size=1, max_size=3).map(
    lambda text: '"' + text.replace("\\", "\\\\").replace("*", "\\*") + '"'
)
texts = quoted | parts | st.sampled_from(["null", '"Ё*"', '"ооо*"', '""', "дуб"])
SIGNS = ["=", "!=", "<", "<=", ">", ">="]
VALUES = {
    "owner": (["=", "!="], st.sampled_from(["anna", '"boris"', "nobody", "null"])),
    "kind": (["=", "!="], st.sampled_from(["large", "small", "null"])),
    "title": ([*SIGNS, ":"], texts),
    "phones": (["=", "!=", ":"], st.sampled_from(['"+79161234567"', '"123"', '"8 (916)*"', '"45"', "null", '"%"'])),
    "size": (SIGNS, st.sampled_from(["0", "9", "10", "-7", "1152921504606846976", "null"])),
    "amount": (SIGNS, st.sampled_from(["9.9", "10", "99.99", "-5.00", "1000000", "9999999999999999.99", "null"])),
    "day": (SIGNS, st.sampled_from(["2026-01-31", "2025-12-31", "0999-01-01", "null"])),
    "made_at": (SIGNS, st.sampled_from(["2026-01-31", "2026-01-31T00:00:00+03:00", "1970-01-01T00:00:00Z", "null"])),
    "done": (["=", "!="], st.sampled_from(["true", "false", "null"])),
}


@st.composite
def condition(draw):
    name = draw(st.sampled_from(sorted(VALUES)))
    signs, values = VALUES[name]
    if draw(st.booleans()):
        return f"{name} IN ({', '.join(draw(st.lists(values, min_size=1, max_size=3)))})"
    sign = draw(st.sampled_from(signs))
    value = draw(values)
    null = value in ("null", '""')
    return f"{name} {'=' if null and sign not in ('=', '!=') else sign} {value}"


def joined(inner):
    several = st.lists(inner.map(lambda one: f"({one})"), min_size=2, max_size=3)
    negated = inner.map(lambda one: f"NOT ({one})")
    return several.map(" AND ".join) | several.map(" OR ".join) | negated


filters = st.recursive(condition(), joined, max_leaves=6)


def read_or_none(text):
    """None where folding leaves nothing of a value, as in `title < "«"`."""
    try:
        return read_filter(text, THINGS.by_name)
    except Invalid as refused:
        if any(error.code != "wrong-filter-value" for error in refused.errors):
            raise
        return None


@given(text=filters)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_databases_and_evaluator_agree(filled, text):
    read = read_or_none(text)
    if read is not None:
        expected = [view["id"] for view in filled.page()["items"] if matches(read, view)]
        assert filled.ids(filter=text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('title = "елка"', {"Ёлка", "елка"}),
        ('title : "РОМАШ"', {"ООО «Ромашка»", "ооо ромашка"}),
        ('title = "ооо ромашка"', {"ООО «Ромашка»", "ооо ромашка"}),
        ('title = "ст*"', {"Стол", "стол ОБЕДЕННЫЙ"}),
        ('title : "0%"', {"100% дуб"}),
        ('title = "a_*"', {"a_b"}),
        ('title = "два пробела"', {"два\u00a0 пробела"}),
        ("title = straße", {"Straße", "STRASSE"}),
        ("title = null", {"", None}),
        ('title < "ж" AND title >= "е"', {"Ёлка", "елка", "Ежи"}),
        ("amount > 99.99", {"100.00", "1000000.00", "9999999999999999.99"}),
        ("amount < 9.9", {"0.00", "-5.00"}),
        ("day IN (2026-01-31, null)", {"2026-01-31", None}),
        ("day > 2025-12-31", {"2026-01-31", "2026-02-01"}),
        ("made_at = 2026-01-31", {"2026-01-30T21:00:00.000000Z", "2026-01-31T20:59:59.999999Z"}),
        ("made_at > 2026-01-31", {"2026-01-31T21:00:00.000000Z"}),
        ("done != true", {False, None}),
        ("NOT done = true", {False, None}),
        ("kind IN (large, smaller)", {"large", "smaller"}),
    ],
)
def test_what_a_filter_finds(filled, text, found):
    name = text.removeprefix("NOT ").split()[0]
    assert {item[name] for item in filled.page(filter=text)["items"]} == found


def test_one_of_several_texts_is_enough(filled):
    every = filled.page(filter="phones = +79161234567 AND phones = 123")["items"]
    assert every
    assert all(len(item["phones"]) == 2 for item in every)
    assert filled.ids(filter='phones : "23"') == filled.ids(filter="phones != null")
    assert filled.ids(filter='phones = "8*"') == filled.ids(filter="phones = +79161234567")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("colour = red", "unknown-filter-field", "id, version, owner"),
        ("note = 1", "unknown-filter-field", "title"),
        ("amount = abc", "wrong-filter-value", "100.00"),
        ("amount = 1.005", "wrong-filter-value", "100.00"),
        ("amount = 1e3", "wrong-filter-value", "100.00"),
        ("size > 1.5", "wrong-filter-value", "a whole number"),
        ("size > 9999999999999999999", "wrong-filter-value", "a whole number"),
        ("size > ١", "wrong-filter-value", "a whole number"),
        ("size > null", "wrong-filter-value", "a whole number"),
        ("day = 2026-02-30", "wrong-filter-value", "2026-01-31"),
        ("day = 31.01.2026", "wrong-filter-value", "2026-01-31"),
        ("made_at > 2026-01-31T10:00:00", "wrong-filter-value", "a time like"),
        ("made_at < 9999-12-31", "wrong-filter-value", "a time like"),
        ("made_at > 0001-01-01", "wrong-filter-value", "a time like"),
        ("done = yes", "wrong-filter-value", "true or false"),
        ("kind = huge", "wrong-filter-value", "large, small, smaller"),
        ('kind = "lar*"', "wrong-filter-value", "large, small, smaller"),
        ("kind > large", "wrong-filter-operator", "!= ="),
        ("owner : anna", "wrong-filter-operator", "!= ="),
        ('size = "1*"', "wrong-filter-value", "a whole number"),
        ('title : ""', "wrong-filter-value", "not empty"),
        ("title : null", "wrong-filter-value", "not empty"),
    ],
)
def test_types_are_checked_and_the_known_is_named(text, code, said):
    with pytest.raises(Invalid) as refused:
        read_filter(text, THINGS.by_name)
    [error] = refused.value.errors
    assert (error.field, error.code) == ("filter", code)
    assert said in error.en


@pytest.mark.parametrize("text", ["phones : 123", "NOT (phones = null)", "size = 1 OR phones = 1"])
def test_what_is_masked_cannot_be_asked_for(filled, text):
    with pytest.raises(Invalid) as refused:
        filled.page(Rights(masked=frozenset({"phone"})), filter=text)
    assert refused.value.errors[0].code == "masked-field"
    assert filled.page(Rights(masked=frozenset({"email"})), filter=text)

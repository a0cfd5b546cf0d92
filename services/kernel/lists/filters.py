"""Filters with a meaning: conditions on the fields of a resource.

A condition on nothing is false, and `NOT` turns every answer round: there is no third one.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from services.kernel.errors import Invalid
from services.kernel.lists.columns import fold
from services.kernel.lists.fields import FOLDED, OPERATORS, Field, Kind
from services.kernel.lists.syntax import Group, Negation, Restriction, Tree, Value, parse, wrong

Test = Literal["=", "<", "<=", ">", ">=", "in", "has", "starts"]
Fields: TypeAlias = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Compare:
    """`value` is comparable: what the compared column would hold."""

    field: Field
    test: Test
    value: Any


@dataclass(frozen=True, slots=True)
class IsNull:
    field: Field


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Filter"


@dataclass(frozen=True, slots=True)
class Every:
    inner: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Some:
    inner: tuple["Filter", ...]


Filter: TypeAlias = Compare | IsNull | Not | Every | Some


def read_filter(text: str, fields: Fields, hidden: Collection[str] = ()) -> Filter:
    """The filter that a text stands for. `hidden` are kinds of masked fields that the caller
    may not ask for: by asking often enough he would learn them."""
    return _bind(parse(text), fields, hidden)


def _bind(tree: Tree, fields: Fields, hidden: Collection[str]) -> Filter:
    if isinstance(tree, Negation):
        return Not(_bind(tree.inner, fields, hidden))
    if isinstance(tree, Group):
        inner = tuple(_bind(one, fields, hidden) for one in tree.inner)
        return Every(inner) if tree.word == "AND" else Some(inner)
    return _condition(_field(tree, fields, hidden), tree)


def _field(tree: Restriction, fields: Fields, hidden: Collection[str]) -> Field:
    field = fields.get(tree.field)
    if field is None or not field.filterable:
        known = ", ".join(name for name, one in fields.items() if one.filterable)
        ru, en = f"поля «{tree.field}» нет; есть: {known}", f"there is no field {tree.field}; there are: {known}"
        raise wrong("unknown-filter-field", tree.at, ru, en)
    if field.masked in hidden:
        raise wrong("masked-field", tree.at, f"поле «{tree.field}» скрыто", f"the field {tree.field} is masked")
    return field


def _condition(field: Field, tree: Restriction) -> Filter:
    if tree.operator == "IN" and "=" in OPERATORS[field.kind]:
        return _among(field, tree.values)
    if tree.operator not in OPERATORS[field.kind]:
        allowed = " ".join(sorted(OPERATORS[field.kind]))
        ru, en = f"для «{tree.field}» возможны: {allowed}", f"{tree.field} can be compared by: {allowed}"
        raise wrong("wrong-filter-operator", tree.at, ru, en)
    [value] = tree.values
    if tree.operator == "!=":
        return Not(_equals(field, value))
    if tree.operator == "=":
        return _equals(field, value)
    return _compared(field, tree.operator, value)


def _among(field: Field, values: tuple[Value, ...]) -> Filter:
    """One look into a set where values are single ones, otherwise any of the conditions."""
    each = tuple(_equals(field, value) for value in values)
    plain = tuple(one.value for one in each if isinstance(one, Compare) and one.test == "=")
    if len(plain) == len(each) and field.kind is not Kind.TEXTS:
        return Compare(field, "in", plain)
    return Some(each)


def _equals(field: Field, value: Value) -> Filter:
    if _is_null(field, value):
        return IsNull(field)
    if value.open_end and field.kind in FOLDED:
        return Compare(field, "starts", _read(field, value))
    read = _read(field, value)
    if field.kind is Kind.TIME:
        return Every((Compare(field, ">=", read[0]), Compare(field, "<", read[1])))
    return Compare(field, "=", read)


def _is_null(field: Field, value: Value) -> bool:
    """The word null, and of texts one of which nothing is left."""
    if not value.quoted:
        return value.text == "null"
    return field.kind in FOLDED and not value.open_end and fold(value.text) is None


def _compared(field: Field, sign: str, value: Value) -> Filter:
    read = _read(field, value)
    if sign == ":":
        return Compare(field, "has", read)
    if field.kind is Kind.TIME:
        begin, end = read
        return {
            "<": Compare(field, "<", begin),
            "<=": Compare(field, "<", end),
            ">": Compare(field, ">=", end),
            ">=": Compare(field, ">=", begin),
        }[sign]
    return Compare(field, sign, read)  # type: ignore[arg-type]  # the four signs of order are tests


_WRITTEN: Mapping[Kind, tuple[str, str]] = {
    Kind.NUMBER: ("целое число", "a whole number"),
    Kind.MONEY: ("сумма вида 100.00", "an amount like 100.00"),
    Kind.DATE: ("дата вида 2026-01-31", "a date like 2026-01-31"),
    Kind.TIME: ("дата или время вида 2026-01-31T10:00:00+03:00", "a date, or a time like 2026-01-31T10:00:00+03:00"),
    Kind.FLAG: ("true или false", "true or false"),
}


def _read(field: Field, value: Value) -> Any:
    try:
        read = field.read(value.text)
    except ValueError as error:
        raise _wrong_value(field, value) from error
    if read is None or (value.open_end and field.kind not in FOLDED) or (not value.quoted and value.text == "null"):
        raise _wrong_value(field, value)
    return read


def _wrong_value(field: Field, value: Value) -> Invalid:
    words = ", ".join(field.words)
    ru, en = (words, words) if words else _WRITTEN.get(field.kind, ("непустой текст", "a text that is not empty"))
    return wrong("wrong-filter-value", value.at, f"для «{field.name}» нужно: {ru}", f"{field.name} takes: {en}")


def matches(filter_: Filter, view: Mapping[str, Any]) -> bool:
    """Whether a resource, as its view shows it, is among what the filter asks for."""
    if isinstance(filter_, Not):
        return not matches(filter_.inner, view)
    if isinstance(filter_, Every):
        return all(matches(one, view) for one in filter_.inner)
    if isinstance(filter_, Some):
        return any(matches(one, view) for one in filter_.inner)
    held = filter_.field.comparable(view[filter_.field.name])
    if isinstance(filter_, IsNull):
        return held is None
    return held is not None and bool(test_of(filter_)(held, filter_.value))


def _within(held: Any, values: Any) -> bool:
    return held in values


def _has(held: str, text: str) -> bool:
    return text in held


def _starts(held: str, text: str) -> bool:
    return held.startswith(text)


def _has_whole(held: str, text: str) -> bool:
    return f"\n{text}\n" in held


def _has_start(held: str, text: str) -> bool:
    return f"\n{text}" in held


_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": _within,
    "has": _has,
    "starts": _starts,
}
_TESTS_OF_TEXTS: Mapping[str, Callable[[str, str], bool]] = {"=": _has_whole, "has": _has, "starts": _has_start}


def test_of(compare: Compare) -> Callable[[Any, Any], bool]:
    """How a held value is tested; of several texts any one may fit."""
    tests = _TESTS_OF_TEXTS if compare.field.kind is Kind.TEXTS else _TESTS
    return tests[compare.test]

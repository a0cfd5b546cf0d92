"""Filters and sort keys as SQL that means the same on SQLite and PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from services.kernel.lists.fields import Kind
from services.kernel.lists.filters import Compare, Every, Filter, IsNull, Not, Some

Column = sa.ColumnElement[Any]
Columns = Callable[[Any], Column]


def condition(filter_: Filter, column: Columns, *, holds: bool = True) -> sa.ColumnElement[bool]:
    """Where a filter holds, or does not. `NOT` goes down to single comparisons: there a null
    is told from a difference, which SQL's own NOT would not do."""
    if isinstance(filter_, Not):
        return condition(filter_.inner, column, holds=not holds)
    if isinstance(filter_, Every | Some):
        parts = [condition(one, column, holds=holds) for one in filter_.inner]
        return sa.and_(*parts) if isinstance(filter_, Every) is holds else sa.or_(*parts)
    held = column(filter_.field)
    if isinstance(filter_, IsNull):
        return held.is_(None) if holds else held.is_not(None)
    found = _compared(filter_, held)
    return found if holds else sa.or_(held.is_(None), sa.not_(found))


def _compared(compare: Compare, held: Column) -> sa.ColumnElement[bool]:
    if compare.field.aliases is not None:
        return compare.field.aliases.same(held, compare.value if compare.test == "in" else [compare.value])
    tests = _TESTS_OF_TEXTS if compare.field.kind is Kind.TEXTS else _TESTS
    return tests[compare.test](held, compare.value)


_TESTS: Mapping[str, Callable[[Column, Any], sa.ColumnElement[bool]]] = {
    "=": lambda held, value: held == value,
    "<": lambda held, value: held < value,
    "<=": lambda held, value: held <= value,
    ">": lambda held, value: held > value,
    ">=": lambda held, value: held >= value,
    "in": lambda held, values: held.in_(values),
    "has": lambda held, text: held.contains(text, autoescape=True),
    "starts": lambda held, text: held.startswith(text, autoescape=True),
}
_TESTS_OF_TEXTS: Mapping[str, Callable[[Column, str], sa.ColumnElement[bool]]] = {
    "=": lambda held, text: held.contains(f"\n{text}\n", autoescape=True),
    "has": lambda held, text: held.contains(text, autoescape=True),
    "starts": lambda held, text: held.contains(f"\n{text}", autoescape=True),
}

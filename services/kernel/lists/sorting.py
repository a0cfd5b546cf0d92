"""The order of a list, and the place in it where the next page begins.

Rows are ordered by the keys asked for and then by a unique one, so every row has its own
place. Where a value is missing the row comes last, whichever way the key is turned.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.kernel.errors import FieldError, Invalid
from services.kernel.lists.conditions import Column
from services.kernel.lists.fields import LARGEST, Field, Kind
from services.kernel.lists.filters import Fields

MOST_KEYS = 3
_KEY = re.compile(r"(-?)([A-Za-z_][A-Za-z0-9_.]*)")
_HELD: dict[Kind, type] = {Kind.NUMBER: int, Kind.MONEY: int, Kind.TIME: int, Kind.FLAG: bool}


@dataclass(frozen=True, slots=True)
class SortKey:
    field: Field
    down: bool = False


def read_sort(text: str, fields: Fields, hidden: Collection[str] = ()) -> tuple[SortKey, ...]:
    """`-amount,title`: by amount, the largest first, and by title where amounts are equal."""
    keys = tuple(_read_key(part.strip(), fields, hidden) for part in text.split(","))
    if len(keys) > MOST_KEYS or len({key.field.name for key in keys}) < len(keys):
        ru, en = f"Не больше {MOST_KEYS} разных полей", f"At most {MOST_KEYS} different fields"
        raise Invalid([FieldError("sort", "wrong-sort", ru, en)])
    return keys


def _read_key(text: str, fields: Fields, hidden: Collection[str]) -> SortKey:
    found = _KEY.fullmatch(text)
    field = fields.get(found[2]) if found else None
    if found is None or field is None or not field.sortable:
        known = ", ".join(name for name, one in fields.items() if one.sortable)
        ru, en = f"Так не сортируется; возможны: {known}", f"Cannot be sorted by; there are: {known}"
        raise Invalid([FieldError("sort", "unknown-sort-field", ru, en)])
    if field.masked in hidden:
        ru, en = f"Поле «{field.name}» скрыто", f"The field {field.name} is masked"
        raise Invalid([FieldError("sort", "masked-field", ru, en)])
    return SortKey(field, down=bool(found[1]))


@dataclass(frozen=True, slots=True)
class Ordered:
    """One column of the order, as SQL."""

    column: Column
    down: bool
    nullable: bool

    def order(self) -> Column:
        way = self.column.desc() if self.down else self.column.asc()
        return way.nulls_last() if self.nullable else way

    def same(self, value: Any) -> sa.ColumnElement[bool]:
        return self.column.is_(None) if value is None else self.column == value

    def after(self, value: Any) -> sa.ColumnElement[bool]:
        if value is None:
            return sa.false()
        held = sa.literal(value, self.column.type)
        beyond = self.column < held if self.down else self.column > held
        return sa.or_(beyond, self.column.is_(None)) if self.nullable else beyond


def after(order: Sequence[Ordered], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """The rows behind the place that these values mark."""
    ways = []
    for place, (ordered, value) in enumerate(zip(order, values, strict=True)):
        before = [one.same(held) for one, held in zip(order[:place], values[:place], strict=True)]
        ways.append(sa.and_(*before, ordered.after(value)))
    return sa.or_(*ways)


def fits(field: Field, value: Any) -> bool:
    """Whether a value from a cursor can be compared with what the field's column holds."""
    if value is None:
        return True
    if type(value) is not _HELD.get(field.kind, str):
        return False
    return abs(value) < LARGEST if isinstance(value, int) else "\0" not in str(value)

"""A resource as it is read: one row, or a page of rows, as far as the caller's rights go."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
import msgspec
import sqlalchemy as sa

from services.kernel.errors import FieldError, Invalid, NotFound
from services.kernel.lists.aliases import Aliases
from services.kernel.lists.conditions import condition
from services.kernel.lists.fields import Field, Kind
from services.kernel.lists.filters import read_filter
from services.kernel.lists.masks import masked
from services.kernel.lists.pages import decode_cursor, encode_cursor
from services.kernel.lists.sorting import Ordered, SortKey, after, fits, read_sort
from services.kernel.rights import Rights

Search = Callable[[str, Rights], sa.ColumnElement[bool]]
# fields that are known only when asked, and what each is compared by
More = Callable[[sa.Connection], Mapping[str, tuple[Field, sa.ColumnElement[Any]]]]
Known = Mapping[str, Field]
Columns = Mapping[str, sa.ColumnElement[Any]]
ALWAYS = ("id", "version")
_UNLIKE = ("limit", "cursor", "fields")


@dataclass(frozen=True, slots=True)
class Resource:
    """`what` names it, `argument` is the name of its id in calls. `fields` are those of its view,
    in their order; `owners` are the columns of which one must name a user whose rows the
    caller may see; `through` tells of rows that they may see besides. `inside` is a column with a
    JSON object whose members are fields too. `stream` is the kind of its streams, where that is not `what`.
    `key` is unique and orders the rows of equal place; `search` is what `q` looks for. Names that
    begin with `prefix` are those of the fields that `more` tells of. `aliases` are its own ids that
    stand for others: whoever asks for such a one gets what it stands for.
    """

    what: str
    argument: str
    table: sa.Table
    fields: tuple[Field, ...]
    owners: tuple[sa.ColumnElement[Any], ...] = ()
    through: Callable[[Collection[str]], sa.ColumnElement[bool]] | None = None
    inside: str = ""
    key: str = "id"
    search: Search | None = None
    stream: str = ""
    prefix: str = ""
    more: More | None = None
    aliases: Aliases | None = None
    by_name: Mapping[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.fields})
        object.__setattr__(self, "stream", self.stream or self.what)

    def get(self, connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
        """The view of one; of others' it is not told whether they exist."""
        asked = id_ = arguments[self.argument]
        if self.aliases is not None:
            id_ = self.aliases.resolve(connection, asked)
        query = sa.select(*self._stored()).where(self.table.c[self.key] == id_, *self.visible(rights))
        row = connection.execute(query).first()
        if row is None:
            raise NotFound(what=self.what, id=asked)
        return self.view(row._mapping, rights)

    def view(self, stored: Mapping[Any, Any], rights: Rights) -> dict[str, Any]:
        """The view of a whole row."""
        return self._view(stored, self.fields, rights)

    def visible(self, rights: Rights) -> list[sa.ColumnElement[bool]]:
        """The condition on rows that the caller may see."""
        if rights.users is None or not (self.owners or self.through):
            return []
        through = [self.through(rights.users)] if self.through else []
        return [sa.or_(*(owner.in_(sorted(rights.users)) for owner in self.owners), *through)]

    def page(
        self,
        connection: sa.Connection,
        arguments: Mapping[str, Any],
        rights: Rights,
        *conditions: sa.ColumnElement[bool],
    ) -> dict[str, Any]:
        """A page of views: `items`, and the cursor of the `next` page where there is one."""
        known, columns = self._known(connection, arguments)
        keys = self._keys(arguments.get("sort"), known, rights)
        order = [self._ordered(connection, key, columns) for key in keys]
        shown = self._chosen(arguments.get("fields"))
        asked = self._asked(arguments, known, columns, rights)
        query = self._selected(shown, order).where(*conditions, *self.visible(rights), *asked)
        bound = self._bound_to(arguments)
        if arguments.get("cursor"):
            query = query.where(after(order, self._place(arguments["cursor"], bound, keys)))
        limit = arguments["limit"]
        rows = connection.execute(query.order_by(*(one.order() for one in order)).limit(limit + 1)).all()
        items = [self._view(row._mapping, shown, rights) for row in rows[:limit]]
        return {"items": items, "next": _cursor(bound, order, rows[limit - 1]) if len(rows) > limit else None}

    def keys(
        self,
        connection: sa.Connection,
        arguments: Mapping[str, Any],
        rights: Rights,
        limit: int,
        *conditions: sa.ColumnElement[bool],
    ) -> list[str]:
        """The keys of all rows that a list asked like this would show, up to a limit."""
        key = self.table.c[self.key]
        asked = self._asked(arguments, *self._known(connection, arguments), rights)
        query = sa.select(key).where(*conditions, *self.visible(rights), *asked)
        return list(connection.execute(query.order_by(key).limit(limit)).scalars())

    def describe(self) -> dict[str, Any]:
        """The fields that can be asked for, filtered and sorted by, for those who describe the API."""
        return {
            "fields": list(self.by_name),
            "filter": {one.name: one.kind.value for one in self.fields if one.filterable},
            "sort": [one.name for one in self.fields if one.sortable],
            "prefix": self.prefix,
        }

    def _known(self, connection: sa.Connection, arguments: Mapping[str, Any]) -> tuple[Known, Columns]:
        """All fields, and what those are compared by that have no column in the table."""
        named = f"{arguments.get('filter') or ''} {arguments.get('sort') or ''}"
        if self.more is None or self.prefix not in named:
            return self.by_name, {}
        more = self.more(connection)
        fields = {name: field for name, (field, _) in more.items()}
        return {**self.by_name, **fields}, {name: column for name, (_, column) in more.items()}

    def _keys(self, sort: str | None, known: Known, rights: Rights) -> list[SortKey]:
        """The keys asked for, up to the unique one, which decides."""
        keys = []
        for key in read_sort(sort, known, rights.masked) if sort else ():
            keys.append(key)
            if key.field.column == self.key:
                return keys
        return [*keys, SortKey(Field(self.key, Kind.ID))]

    def _stored(self) -> list[sa.ColumnElement[Any]]:
        """All columns, ids as what they stand for."""
        standing = {one.column: one for one in self.fields if one.aliases}
        return [self._read(standing[c.name]) if c.name in standing else c for c in self.table.c]

    def _read(self, field: Field) -> sa.ColumnElement[Any]:
        column = self.table.c[field.column]
        return field.aliases.resolved(column).label(field.column) if field.aliases else column

    def _ordered(self, connection: sa.Connection, key: SortKey, columns: Columns) -> Ordered:
        if key.field.name in columns:
            return Ordered(columns[key.field.name], key.down, nullable=True)
        stored = self.table.c[key.field.compared]
        if key.field.aliases is not None:
            return Ordered(key.field.aliases.resolved(stored), key.down, bool(stored.nullable))
        words = key.field.kind is Kind.WORD and connection.dialect.name != "sqlite"
        return Ordered(stored.collate("C") if words else stored, key.down, bool(stored.nullable))

    def _chosen(self, names: Collection[str] | None) -> tuple[Field, ...]:
        if not names:
            return self.fields
        unknown = [name for name in names if name not in self.by_name]
        if unknown:
            known = ", ".join(self.by_name)
            ru, en = f"Поля «{unknown[0]}» нет; есть: {known}", f"There is no field {unknown[0]}; there are: {known}"
            raise Invalid([FieldError("fields", "unknown-field", ru, en)])
        return tuple(one for one in self.fields if one.name in names or one.name in ALWAYS)

    def _selected(self, shown: Sequence[Field], order: Sequence[Ordered]) -> sa.Select[Any]:
        columns = [self._read(one) for one in shown if one.column in self.table.c]
        if self.inside:
            columns.append(self.table.c[self.inside])
        places = [one.column.label(f"place_{number}") for number, one in enumerate(order)]
        return sa.select(*columns, *places)

    def _asked(
        self,
        arguments: Mapping[str, Any],
        known: Known,
        columns: Columns,
        rights: Rights,
    ) -> list[sa.ColumnElement[bool]]:
        asked = [
            self._equal(one, arguments[name])
            for name, one in self.by_name.items()
            if name not in _UNLIKE and arguments.get(name) not in (None, "")
        ]
        if arguments.get("q") and self.search:
            asked.append(self.search(arguments["q"], rights))
        if arguments.get("filter"):
            read = read_filter(arguments["filter"], known, rights.masked)
            asked.append(condition(read, lambda one: self._compared(one, columns)))
        return asked

    def _equal(self, field: Field, shown: Any) -> sa.ColumnElement[bool]:
        column, value = self.table.c[field.compared], field.comparable(shown)
        return field.aliases.same(column, [value]) if field.aliases else column == value

    def _compared(self, field: Field, columns: Columns) -> sa.ColumnElement[Any]:
        return columns[field.name] if field.name in columns else self.table.c[field.compared]

    def _bound_to(self, arguments: Mapping[str, Any]) -> str:
        """What a cursor belongs to: everything asked for but the page and what of it is shown."""
        asked = sorted((name, str(value)) for name, value in arguments.items() if name not in _UNLIKE)
        return hashlib.sha256(msgspec.json.encode([self.what, asked])).hexdigest()[:16]

    def _place(self, cursor: str, bound: str, keys: Sequence[SortKey]) -> list[Any]:
        try:
            of, values = msgspec.convert(decode_cursor(cursor), tuple[str, list[Any]])
        except (msgspec.ValidationError, ma.ValidationError):
            of, values = "", []
        fitting = len(values) == len(keys) and all(map(fits, (key.field for key in keys), values))
        if of != bound or not fitting or values[-1] is None:
            ru, en = "Курсор другого списка, отбора или порядка", "A cursor of another list, filter or order"
            raise Invalid([FieldError("cursor", "wrong-cursor", ru, en)])
        return values

    def _view(self, stored: Mapping[Any, Any], shown: Sequence[Field], rights: Rights) -> dict[str, Any]:
        inside = msgspec.json.decode(stored[self.inside]) if self.inside else {}
        view: dict[str, Any] = {}
        for one in shown:
            value = one.shown(stored[one.column]) if one.column in stored else inside.get(one.name)
            view[one.name] = masked(value, one.masked) if one.masked in rights.masked else value
        return view


def _cursor(bound: str, order: Sequence[Ordered], row: sa.Row[Any]) -> str:
    return encode_cursor([bound, [row._mapping[f"place_{number}"] for number in range(len(order))]])

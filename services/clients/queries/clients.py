"""Clients: rows to views."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.card import FIELDS, CardField
from services.clients.domain.search import sought
from services.clients.queries.aliases import ALIASES
from services.clients.queries.near import near
from services.clients.schemas.clients import KINDS
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights


def _search_clients(query: str, rights: Rights) -> sa.ColumnElement[bool]:
    """Any part of what is known of a client; of masked phones and e-mails nothing is found."""
    c = t.clients.c
    points = {"phone": c.phones_folded, "email": c.emails_folded}
    columns = [c.searched, *(column for kind, column in points.items() if kind not in rights.masked)]
    return sa.or_(*(column.contains(text, autoescape=True) for column in columns for text in sought(query)))


def _search_near(query: str, _rights: Rights) -> sa.ColumnElement[bool]:
    return near(t.clients.c.searched, sought(query)[0])


KIND_OF: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "money": Kind.MONEY,
    "number": Kind.NUMBER,
    "date": Kind.DATE,
    "choice": Kind.WORD,
}
MASKED = {"phones": "phone", "emails": "email"}


def _card_field(field: CardField) -> Field:
    if field.kind == "values":
        return Field(field.name, Kind.JSON)
    return Field(field.name, KIND_OF.get(field.kind, Kind.TEXTS), masked=MASKED.get(field.name, ""))


# custom fields: how each kind is compared, and by which column
_COMPARED: Mapping[str, tuple[Kind, tuple[str, ...]]] = {
    "text": (Kind.TEXT, ()),
    "link": (Kind.TEXT, ()),
    "number": (Kind.NUMBER, ()),
    "money": (Kind.MONEY, ()),
    "date": (Kind.WORD, ()),
    "flag": (Kind.WORD, ("true", "false")),
    "choice": (Kind.WORD, ()),
    "choices": (Kind.TEXTS, ()),
}
WHOLE = ("number", "money")


def _custom_fields(connection: sa.Connection) -> dict[str, tuple[Field, sa.ColumnElement[Any]]]:
    """The company's own fields as lists know them, each compared by the value that a card holds."""
    query = sa.select(t.client_fields.c.id, t.client_fields.c.kind).where(t.client_fields.c.custom)
    return {f"custom.{code}": _custom_field(code, kind) for code, kind in connection.execute(query)}


def _custom_field(code: str, kind: str) -> tuple[Field, sa.ColumnElement[Any]]:
    values = t.client_values
    held = sa.select(values.c.whole if kind in WHOLE else values.c.text).where(
        values.c.client_id == t.clients.c.id, values.c.field == code
    )
    compared, words = _COMPARED[kind]
    return Field(f"custom.{code}", compared, words=words), held.scalar_subquery()


CLIENTS = Resource(
    "client",
    "client_id",
    t.clients,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("code", Kind.WORD),
        Field("kind", Kind.WORD, words=KINDS),
        *map(_card_field, FIELDS),
        Field("verified", Kind.FLAG),
        Field("checked_at", Kind.TIME),
        Field("checked_by", Kind.ID),
        Field("vip", Kind.FLAG),
        Field("manager_id", Kind.ID),
        Field("merged_into", Kind.ID),
        Field("merged_ids", Kind.JSON),
        Field("withdrawn", Kind.FLAG),
        Field("created_at", Kind.TIME),
        Field("changed_at", Kind.TIME),
    ),
    owners=(t.clients.c.manager_id,),
    search=_search_clients,
    prefix="custom.",
    more=_custom_fields,
    aliases=ALIASES,
)
MISTYPED = replace(CLIENTS, search=_search_near)
STANDING = t.clients.c.merged_into.is_(None)
COUNTED = STANDING & t.clients.c.withdrawn.is_(False)


def list_clients(connection: sa.Connection, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """Those that were not merged into others, nor withdrawn, or only the latter; `group_below`: those
    in a group or in any group below it. Where nothing is found by `q`, what is nearly like it."""
    arguments = dict(arguments)
    standing = STANDING & t.clients.c.withdrawn if arguments.pop("withdrawn", False) else COUNTED
    group = arguments.pop("group_below", None)
    conditions = [standing, *([_below(group)] if group else [])]
    page = CLIENTS.page(connection, arguments, rights, *conditions)
    if arguments.get("q") and not page["items"]:
        return MISTYPED.page(connection, arguments, rights, *conditions)
    return page


def uses_of(connection: sa.Connection, client_id: str) -> list[str]:
    """What came of a client, as far as it is known here."""
    uses = t.client_uses.c
    return list(
        connection.execute(sa.select(uses.what).where(uses.client_id == client_id).order_by(uses.what)).scalars()
    )


def find_by_code(connection: sa.Connection, code: str) -> str | None:
    """The client of this code, or the one that it proved to be."""
    found = connection.execute(sa.select(t.clients.c.id).where(t.clients.c.code == code)).scalar()
    return ALIASES.resolve(connection, found) if found else None


def _below(group: str) -> sa.ColumnElement[bool]:
    c = t.dictionary_entries.c
    tree = sa.select(sa.literal(group).label("code")).cte(recursive=True)
    of_groups = c.dictionary == "client_groups"
    tree = tree.union(sa.select(c.code).where(of_groups, c.parent == tree.c.code))
    return t.clients.c.group.in_(sa.select(tree.c.code))

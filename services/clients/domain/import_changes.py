"""What a row of a table changes in a client that is in the base already."""

from collections.abc import Mapping
from typing import Any

from services.clients.commands.card import NAMED
from services.clients.commands.clients import ClientFields
from services.clients.commands.operations import Existing
from services.clients.domain.contact_points import read_email, read_phone
from services.clients.domain.identity import email_key
from services.clients.domain.import_rows import MAX_NOTE

_POINTS = ("phones", "emails")


def changes_by(card: Mapping[str, Any], fields: ClientFields, existing: Existing) -> dict[str, Any]:
    """The fields that get another value, of those that the row fills. Phones and e-mails are added,
    or, where the table is right, taken from it; a note never loses what people wrote in it."""
    told = {name: getattr(fields, name) for name in NAMED} | dict(fields.details)
    wanted: dict[str, Any] = {}
    for name, value in told.items():
        if not value:
            continue
        if name in _POINTS:
            wanted[name] = _points(name, card[name] or (), value, existing)
        elif name == "note":
            wanted[name] = _noted(card[name] or "", value)
        elif existing == "overwrite" or not card[name]:
            wanted[name] = value
    return {name: value for name, value in wanted.items() if value != card[name]}


def _points(name: str, held: tuple[Any, ...], given: tuple[str, ...], existing: Existing) -> tuple[Any, ...]:
    """However one is written, it stays as the card has it."""
    known = {_mark(one): one for one in held}
    read = [read_phone(one) if name == "phones" else read_email(one) for one in given]
    stated = {_mark(one): known.get(_mark(one), one) for one in read}
    return tuple((stated if existing == "overwrite" else known | stated).values())


def _mark(one: Any) -> str:
    return one.number or one.written if hasattr(one, "written") else email_key(one.address)


def _noted(held: str, given: str) -> str:
    """The lines that the note has not are added to it."""
    lines = held.split("\n")
    more = [line for line in given.split("\n") if line not in lines]
    noted = "\n".join(filter(None, (held, *more)))
    return noted if len(noted) <= MAX_NOTE else held

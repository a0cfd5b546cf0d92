"""What fields a card has: those that every card has, and the company's own with their values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from services.clients.commands.card import BY_NAME
from services.clients.commands.dictionaries import AddClientField, ChangeClientField
from services.clients.events.dictionaries import ClientFieldAdded, ClientFieldChanged
from services.kernel.errors import FieldError, Invalid
from services.kernel.lists.columns import fold, fold_all
from services.kernel.money import parse_amount
from services.kernel.text import tidy

CUSTOM_KINDS = ("text", "number", "money", "date", "flag", "link", "choice", "choices")
OF_CHOICE = ("choice", "choices")
LONGEST, MOST_CHOSEN, LARGEST = 1000, 50, 10**12
FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONEY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ClientField:
    code: str
    label: str
    kind: str
    block: str
    dictionary: str
    custom: bool
    hidden: bool = False


def add_client_field(command: AddClientField) -> list[ClientFieldAdded]:
    dictionary = (command.dictionary or command.code) if command.kind in OF_CHOICE else ""
    return [ClientFieldAdded(command.code, command.label, command.kind, command.block, dictionary, custom=True)]


def describe_client_field(code: str) -> list[ClientFieldAdded]:
    field = BY_NAME[code]
    return [ClientFieldAdded(code, field.ru, field.kind, field.block, field.dictionary, custom=False)]


def change_client_field(field: ClientField, command: ChangeClientField) -> list[ClientFieldChanged]:
    held = {"label": field.label, "block": field.block, "hidden": field.hidden}
    after = {name: value for name, value in command.changes.items() if held[name] != value}
    return [ClientFieldChanged(field.code, {name: held[name] for name in after}, after)] if after else []


def evolve(field: ClientField | None, event: ClientFieldAdded | ClientFieldChanged) -> ClientField:
    if isinstance(event, ClientFieldAdded):
        return ClientField(event.code, event.label, event.kind, event.block, event.dictionary, event.custom)
    assert field is not None
    after: Mapping[str, Any] = event.after
    return replace(field, **after)


def read_value(field: ClientField, value: Any) -> Any:
    """A value as the card holds it; raises where it is none of the field's kind. A choice is read
    here as codes, whether they exist is not known here."""
    try:
        return _READ[field.kind](value)
    except ValueError:
        ru, en = _NEEDED[field.kind]
        raise Invalid([FieldError(f"custom.{field.code}", "wrong-value", f"Нужно: {ru}", f"Must be: {en}")]) from None


def comparable(value: Any) -> tuple[str | None, int | None]:
    """A value as text or as a whole number, whichever its kind is compared by: amounts in kopecks."""
    if isinstance(value, bool):
        return str(value).lower(), None
    if isinstance(value, int):
        return None, value
    if isinstance(value, list):
        return fold_all(value), None
    return fold(value), int(Decimal(value).scaleb(2)) if _MONEY.fullmatch(value) else None


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or _UNSTORABLE.search(value):
        raise ValueError(value)
    text = tidy(value).strip()
    if not text:
        raise ValueError(value)
    return text


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST:
        raise ValueError(value)
    return value


def _money(value: Any) -> str:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise ValueError(value)
    return str(parse_amount(value))


def _date(value: Any) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError(value)
    day = date.fromisoformat(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(value)
    return value


def _flag(value: Any) -> bool:
    if value is not True and value is not False:
        raise ValueError(value)
    return value


def _link(value: Any) -> str:
    text = _text(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError(value)
    return text


def _choices(value: Any) -> list[str]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_CHOSEN:
        raise ValueError(value)
    return list(dict.fromkeys(_text(one) for one in value))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "flag": _flag,
    "link": _link,
    "choice": _text,
    "choices": _choices,
}
_NEEDED: Mapping[str, tuple[str, str]] = {
    "text": (f"непустой текст до {LONGEST} знаков", f"a text of up to {LONGEST} characters"),
    "number": ("целое число", "a whole number"),
    "money": ("сумма строкой вида 100.00", "an amount in a string like 100.00"),
    "date": ("дата вида 2026-01-31", "a date like 2026-01-31"),
    "flag": ("true или false", "true or false"),
    "link": ("ссылка http или https", "a link with http or https"),
    "choice": ("код записи справочника", "the code of a dictionary entry"),
    "choices": ("список кодов записей справочника", "a list of codes of dictionary entries"),
}

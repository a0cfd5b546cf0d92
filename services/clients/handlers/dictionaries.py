"""Dictionaries and the fields of cards: load, decide, append; and the codes that cards may hold."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from services.clients.commands.card import BY_NAME, CARD, DICTIONARY_OF
from services.clients.commands.dictionaries import (
    AddClientField,
    AddDictionaryEntry,
    ChangeClientField,
    ChangeDictionaryEntry,
    InstallDefaults,
)
from services.clients.domain import client_field as fields
from services.clients.domain import dictionary as dictionaries
from services.clients.domain.client_field import ClientField
from services.clients.domain.default_entries import default_entries
from services.clients.domain.dictionary import DEEPEST, DICTIONARIES, Entry, entry_id
from services.clients.handlers.aggregates import ENTRY, FIELD
from services.kernel.bulk import alone, carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import FieldError, Invalid, NotFound, Refusal
from services.kernel.lists.columns import fold
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import Key, KeyTaken, StreamEvents

NAME = "dictionary-name"


class EntryExists(Refusal):
    ru = "В справочнике «{dictionary}» уже есть такой код или такое наименование"
    en = "The dictionary {dictionary} has this code or this name already"


class UnknownDictionary(Refusal):
    status = 422
    ru = "Справочника «{dictionary}» нет"
    en = "There is no dictionary {dictionary}"


class UnknownEntry(Refusal):
    status = 422
    ru = "В справочнике «{dictionary}» нет записи «{code}» или она изъята"
    en = "The dictionary {dictionary} has no entry {code}, or it is retired"


class FieldExists(Refusal):
    ru = "Поле «{code}» уже есть"
    en = "There is a field {code} already"


class UnknownField(Refusal):
    status = 422
    ru = "Дополнительного реквизита «{code}» нет"
    en = "There is no custom field {code}"


def add_dictionary_entry(tools: Tools, command: AddDictionaryEntry, context: Context) -> Written:
    _require_dictionary(tools, command.dictionary)
    above = _above(tools, command.dictionary, command.parent)
    if _entry(tools, command.dictionary, command.code) is not None:
        raise EntryExists.on("code", dictionary=command.dictionary)
    begun = tools.begin(ENTRY, entry_id(command.dictionary, command.code))
    claim = [_name_key(command.dictionary, command.name)]
    try:
        events = dictionaries.add_dictionary_entry(command, [one.state.code for one in above])
        return tools.append(context, begun, events, also=_unmoved(above), claim=claim)
    except KeyTaken as taken:
        raise EntryExists.on("name", dictionary=command.dictionary) from taken


def change_dictionary_entry(tools: Tools, command: ChangeDictionaryEntry, context: Context) -> Written:
    loaded = tools.load(ENTRY, command.entry_id, context)
    entry = loaded.state
    above = _above(tools, entry.dictionary, command.changes.get("parent"))
    events = dictionaries.change_dictionary_entry(entry, command, [one.state.code for one in above])
    held, asked = (_name_key(entry.dictionary, name) for name in (entry.name, command.changes.get("name", entry.name)))
    renamed = held != asked
    try:
        claim, release = ([asked], [held]) if renamed else ([], [])
        return tools.append(context, loaded, events, also=_unmoved(above), claim=claim, release=release)
    except KeyTaken as taken:
        raise EntryExists.on("name", dictionary=entry.dictionary) from taken


def add_client_field(tools: Tools, command: AddClientField, context: Context) -> Written:
    if command.code in BY_NAME or _field(tools, command.code) is not None:
        raise FieldExists.on("code", code=command.code)
    if command.dictionary:
        _require_dictionary(tools, command.dictionary)
    return tools.append(context, tools.begin(FIELD, command.code), fields.add_client_field(command))


def install_defaults(tools: Tools, _command: InstallDefaults, context: Context) -> Written:
    """Dictionary beside dictionary, as ordinary events; what the company has named so itself stays its own."""
    own = replace(tools, idempotency=lambda _resource: None)
    missing = [code for code in CARD if not tools.exists(FIELD, code)]
    carry_out(missing, alone, lambda code: _describe_client_field(own, code, context))
    carry_out(default_entries(), lambda one: one.dictionary, lambda one: _install_entry(own, one, context))
    return tools.append(context, Loaded("defaults", "defaults", 0, None), [])


def _describe_client_field(tools: Tools, code: str, context: Context) -> None:
    tools.append(context, tools.begin(FIELD, code), fields.describe_client_field(code))


def _install_entry(tools: Tools, command: AddDictionaryEntry, context: Context) -> None:
    with suppress(EntryExists, Invalid):
        add_dictionary_entry(tools, command, context)


def change_client_field(tools: Tools, command: ChangeClientField, context: Context) -> Written:
    loaded = tools.load(FIELD, command.code, context)
    return tools.append(context, loaded, fields.change_client_field(loaded.state, command))


def with_codes_checked(tools: Tools, card: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a card, after a look at the choices in them: what was held before may stay though
    it is retired by now. Custom values are laid over those that are held; null takes one away."""
    for name, dictionary in DICTIONARY_OF.items():
        if card.get(name):
            require_codes(tools, name, dictionary, card[name], held.get(name))
    if "custom" not in card:
        return dict(card)
    custom = dict(held.get("custom") or {})
    for code, value in card["custom"].items():
        if value is None:
            custom.pop(code, None)
        else:
            custom[code] = _custom_value(tools, code, value, custom.get(code))
    return {**card, "custom": custom}


def require_codes(tools: Tools, field: str, dictionary: str, chosen: Any, held: Any = None) -> None:
    """Raises where a code is none of the dictionary's living entries, nor held already."""
    for code in _codes(chosen):
        if code not in _codes(held):
            entry = _entry(tools, dictionary, code)
            if entry is None or entry.retired:
                raise UnknownEntry.on(field, dictionary=dictionary, code=code)


def _custom_value(tools: Tools, code: str, value: Any, held: Any) -> Any:
    field = _field(tools, code)
    if field is None or not field.custom:
        raise UnknownField.on(f"custom.{code}", code=code)
    read = fields.read_value(field, value)
    if field.dictionary:
        require_codes(tools, f"custom.{code}", field.dictionary, read, held)
    return read


def _codes(chosen: Any) -> Iterable[str]:
    return chosen if isinstance(chosen, list) else [chosen]


def _above(tools: Tools, dictionary: str, parent: str | None) -> list[Loaded[Entry]]:
    """The entries from this one up to the top of its tree."""
    above: list[Loaded[Entry]] = []
    while parent is not None and len(above) <= DEEPEST:
        try:
            above.append(load(tools.store, ENTRY, entry_id(dictionary, parent)))
        except NotFound as missing:
            ru, en = "Такой вышестоящей записи нет", "There is no such entry above"
            raise Invalid([FieldError("parent", "unknown-entry", ru, en)]) from missing
        parent = above[-1].state.parent
    return above


def _unmoved(entries: Iterable[Loaded[Entry]]) -> list[StreamEvents]:
    """Demands that nobody moves these at the same time."""
    return [StreamEvents(one.stream, one.version, []) for one in entries]


def _entry(tools: Tools, dictionary: str, code: str) -> Entry | None:
    try:
        return load(tools.store, ENTRY, entry_id(dictionary, code)).state
    except NotFound:
        return None


def _require_dictionary(tools: Tools, dictionary: str) -> None:
    """One that every installation has, or that of a custom field."""
    if dictionary in DICTIONARIES:
        return
    field = _field(tools, dictionary)
    if field is None or field.dictionary != dictionary:
        raise UnknownDictionary.on("dictionary", dictionary=dictionary)


def _field(tools: Tools, code: str) -> ClientField | None:
    try:
        return load(tools.store, FIELD, code).state
    except NotFound:
        return None


def _name_key(dictionary: str, name: str) -> Key:
    return Key(NAME, f"{dictionary}/{fold(name)}")

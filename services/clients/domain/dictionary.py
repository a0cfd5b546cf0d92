"""Dictionaries: the values that fields of choice take, which users name, order and retire."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.clients.commands.dictionaries import AddDictionaryEntry, ChangeDictionaryEntry
from services.clients.events.dictionaries import DictionaryEntryAdded, DictionaryEntryChanged
from services.kernel.errors import FieldError, Invalid

DEEPEST = 10
DICTIONARIES: Mapping[str, str] = {
    "party_roles": "Кем приходится",
    "client_groups": "Группы контрагентов",
    "relation_types": "Типы отношений",
    "price_types": "Виды цен",
    "industries": "Отрасли",
    "sales_channels": "Каналы сбыта",
    "loyalty": "Степени лояльности",
    "prospects": "Перспективность",
    "choice_factors": "Факторы выбора",
    "mailing_groups": "Группы рассылки",
    "contact_roles": "Роли контактных лиц",
    "interaction_kinds": "Виды взаимодействий",
    "interaction_results": "Результаты взаимодействий",
    "complaint_subjects": "Предметы жалоб",
    "consent_purposes": "Цели обработки персональных данных",
    "lead_sources": "Откуда узнали: рекламные каналы и рекомендации",
    "lead_actions": "Целевые действия лидов",
    "lead_rejections": "Причины отказа от лида",
    "loss_reasons": "Причины потери",
    "sections": "Разделы",
}


@dataclass(frozen=True, slots=True)
class Entry:
    dictionary: str
    code: str
    name: str
    parent: str | None = None
    retired: bool = False


def entry_id(dictionary: str, code: str) -> str:
    return f"{dictionary}.{code}"


def add_dictionary_entry(command: AddDictionaryEntry, above: Collection[str]) -> list[DictionaryEntryAdded]:
    _require_shallow(above)
    return [DictionaryEntryAdded(command.dictionary, command.code, command.name, command.parent)]


def change_dictionary_entry(
    entry: Entry, command: ChangeDictionaryEntry, above: Collection[str]
) -> list[DictionaryEntryChanged]:
    """`above` are the codes from the new parent up: an entry never stands below itself."""
    if entry.code in above:
        ru, en = "Запись не может стоять ниже самой себя", "An entry cannot stand below itself"
        raise Invalid([FieldError("parent", "below-itself", ru, en)])
    _require_shallow(above)
    held = {"name": entry.name, "parent": entry.parent, "retired": entry.retired}
    after = {name: value for name, value in command.changes.items() if held[name] != value}
    if not after:
        return []
    before = {name: held[name] for name in after}
    return [DictionaryEntryChanged(entry.dictionary, entry.code, before, after)]


def _require_shallow(above: Collection[str]) -> None:
    if len(above) >= DEEPEST:
        ru, en = f"Глубже {DEEPEST} уровней", f"Deeper than {DEEPEST} levels"
        raise Invalid([FieldError("parent", "too-deep", ru, en)])


def evolve(entry: Entry | None, event: DictionaryEntryAdded | DictionaryEntryChanged) -> Entry:
    if isinstance(event, DictionaryEntryAdded):
        return Entry(event.dictionary, event.code, event.name, event.parent)
    assert entry is not None
    after: Mapping[str, Any] = event.after
    return replace(entry, **after)

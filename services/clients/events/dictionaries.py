"""What happens to the values that fields of choice take, and to the fields themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.kernel.events import event


@event("DictionaryEntryAdded")
@dataclass(frozen=True, slots=True)
class DictionaryEntryAdded:
    dictionary: str
    code: str
    name: str
    parent: str | None


@event("DictionaryEntryChanged")
@dataclass(frozen=True, slots=True)
class DictionaryEntryChanged:
    dictionary: str
    code: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@event("ClientFieldAdded")
@dataclass(frozen=True, slots=True)
class ClientFieldAdded:
    """`custom`: of the company's own, its values stand in `custom` of a card."""

    code: str
    label: str
    kind: str
    block: str
    dictionary: str
    custom: bool


@event("ClientFieldChanged")
@dataclass(frozen=True, slots=True)
class ClientFieldChanged:
    code: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

"""What can be asked about the values that fields of choice take, and about the fields themselves."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AddDictionaryEntry:
    """`code` is what cards hold and filters name; it stays when the name changes."""

    dictionary: str
    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeDictionaryEntry:
    """Changes the named fields only. What is retired stays where it is held, and is chosen no more."""

    entry_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AddClientField:
    """A field of the company's own. `dictionary` is where a choice is made from; without one the
    field gets a dictionary of its own, named as the field."""

    code: str
    label: str
    kind: str
    block: str = "special"
    dictionary: str = ""


@dataclass(frozen=True, slots=True)
class InstallDefaults:
    """Makes the entries and fields that every installation begins with, as far as they are not there."""


@dataclass(frozen=True, slots=True)
class ChangeClientField:
    code: str
    changes: dict[str, Any]

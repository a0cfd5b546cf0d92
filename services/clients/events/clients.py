"""What happens to clients. Stored names are explicit; personal fields read as None once erased."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.clients.commands.card import FIELDS
from services.clients.commands.clients import ClientKind
from services.kernel.events import PersonalFields, PersonKey, event


def personal_fields(kind: ClientKind) -> tuple[str, ...]:
    """A company's name is no personal datum; a person's is, and so is a sole trader's."""
    person = kind != "legal_entity"
    return tuple(field.name for field in FIELDS if field.personal or (person and field.of_people))


def _of_created(happened: "ClientCreated") -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): (*personal_fields(happened.kind), "personal_details")}


def _of_changed(happened: "ClientChanged") -> PersonalFields:
    before, after = happened.before_of or happened.client_id, happened.after_of or happened.client_id
    if before == after:
        return {PersonKey(before, "relation"): ("personal_before", "personal_after")}
    return {PersonKey(before, "relation"): ("personal_before",), PersonKey(after, "relation"): ("personal_after",)}


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as written, and as E.164 where it is a valid one."""

    written: str
    number: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Email:
    address: str
    valid: bool = True


def _without_details(fields: dict[str, Any]) -> dict[str, Any]:
    """The first version knew of no further fields."""
    return fields


@event("ClientCreated", version=2, personal=_of_created, upcasters=(_without_details,))
@dataclass(frozen=True, slots=True)
class ClientCreated:
    """`details` and `personal_details` hold the fields of the card that have no name here, as far
    as they are filled."""

    client_id: str
    kind: ClientKind
    verified: bool
    kpp: str
    city: str
    source: str
    manager_id: str | None
    name: str | None = None
    full_name: str | None = None
    inn: str | None = None
    ogrn: str | None = None
    phones: tuple[Phone, ...] | None = None
    emails: tuple[Email, ...] | None = None
    contact_person: str | None = None
    address: str | None = None
    note: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    personal_details: Mapping[str, Any] | None = None


@event("ClientChanged", personal=_of_changed)
@dataclass(frozen=True, slots=True)
class ClientChanged:
    """Every changed field before and after, personal ones apart. What a client got by a merging, and
    gives back when it is taken apart, is the other client's: `after_of`, `before_of`."""

    client_id: str
    fields: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    personal_before: Mapping[str, Any] | None = None
    personal_after: Mapping[str, Any] | None = None
    before_of: str | None = None
    after_of: str | None = None


@event("ClientAssigned")
@dataclass(frozen=True, slots=True)
class ClientAssigned:
    client_id: str
    manager_before: str | None
    manager_after: str | None


@event("ClientWithdrawn")
@dataclass(frozen=True, slots=True)
class ClientWithdrawn:
    """It should not have been entered: the import that made it is undone. What it was known by is free."""

    client_id: str


@event("ClientRestored")
@dataclass(frozen=True, slots=True)
class ClientRestored:
    """It counts again."""

    client_id: str


@event("ClientChecked")
@dataclass(frozen=True, slots=True)
class ClientChecked:
    """The card was gone through and found right, by the actor at this time."""

    client_id: str

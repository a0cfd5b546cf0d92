"""What happens to contact persons: all that tells of one is sealed under a key of his own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


def _of_contact(happened: Any) -> PersonalFields:
    return {PersonKey(happened.contact_id, "relation"): ("fields", "personal_before", "personal_after", "position")}


@event("ContactCreated", personal=_of_contact)
@dataclass(frozen=True, slots=True)
class ContactCreated:
    contact_id: str
    responsible_id: str | None
    fields: Mapping[str, Any] | None = None


@event("ContactChanged", personal=_of_contact)
@dataclass(frozen=True, slots=True)
class ContactChanged:
    contact_id: str
    changed: tuple[str, ...]
    responsible_before: str | None
    responsible_after: str | None
    personal_before: Mapping[str, Any] | None = None
    personal_after: Mapping[str, Any] | None = None


@event("ContactLinked", personal=_of_contact)
@dataclass(frozen=True, slots=True)
class ContactLinked:
    """Also where a link that there is gets another role, position or mark."""

    contact_id: str
    client_id: str
    role: str | None
    decision_maker: bool
    since: date
    position: str | None = None


@event("ContactUnlinked")
@dataclass(frozen=True, slots=True)
class ContactUnlinked:
    contact_id: str
    client_id: str
    since: date
    until: date

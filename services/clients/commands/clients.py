"""What can be asked about clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.kernel.ids import new_id

ClientKind = Literal["legal_entity", "sole_trader", "individual"]


@dataclass(frozen=True, slots=True)
class GivenPhone:
    """A phone as written, and whether it is one at work, at home, mobile or a fax."""

    written: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ClientFields:
    """The fields of a client's card that people fill in. Phones and e-mails are as written;
    `details` are all fields that have no name here, as JSON has them."""

    name: str
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    phones: tuple[str | GivenPhone, ...] = ()
    emails: tuple[str, ...] = ()
    contact_person: str = ""
    address: str = ""
    city: str = ""
    source: str = ""
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateClient:
    kind: ClientKind
    fields: ClientFields
    client_id: str = field(default_factory=new_id)
    manager_id: str | None = None
    allow_duplicate: bool = False
    accept_unverified: bool = False


@dataclass(frozen=True, slots=True)
class ChangeClient:
    """Changes the named fields only."""

    client_id: str
    changes: dict[str, object]
    allow_duplicate: bool = False
    accept_unverified: bool = False


@dataclass(frozen=True, slots=True)
class AssignClient:
    client_id: str
    manager_id: str | None


@dataclass(frozen=True, slots=True)
class CheckClient:
    """Somebody has gone through the card and found it right."""

    client_id: str

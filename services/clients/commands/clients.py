"""What can be asked about clients."""

from dataclasses import dataclass, field
from typing import Literal

from services.kernel.ids import new_id

ClientKind = Literal["legal_entity", "sole_trader", "individual"]


@dataclass(frozen=True, slots=True)
class ClientFields:
    """The fields of a client's card that people fill in. Phones and e-mails are as written."""

    name: str
    full_name: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    contact_person: str = ""
    address: str = ""
    city: str = ""
    source: str = ""
    note: str = ""


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

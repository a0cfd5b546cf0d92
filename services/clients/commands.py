"""What the clients service can be asked to do."""

from dataclasses import dataclass, field
from datetime import date
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


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Somebody is to do something, by a day. `due_date` is a date in the company's zone."""

    title: str
    due_date: date
    assignee_id: str | None = None
    client_id: str | None = None
    document_id: str | None = None
    task_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CompleteTask:
    task_id: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class StartImport:
    """Reads clients from a table file. `columns` says which heading means which field where
    the heading itself does not tell; None: leave the column out."""

    content: bytes
    file_name: str = ""
    columns: dict[str, str | None] = field(default_factory=dict)
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Clients by their ids, or all of whom a list with this filter and search would show; or both."""

    client_ids: tuple[str, ...] = ()
    filter: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class EditClients:
    """Gives the named fields of many clients the same values."""

    chosen: Chosen
    changes: dict[str, str]
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AssignClients:
    chosen: Chosen
    manager_id: str | None
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RevertOperation:
    """Undoes `reverts` by an operation of its own."""

    reverts: str
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class StopOperation:
    operation_id: str


@dataclass(frozen=True, slots=True)
class ResumeOperation:
    operation_id: str

"""What happens to clients. Stored names are explicit; personal fields read as None once erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.clients.commands import ClientKind
from services.kernel.events import PersonalFields, PersonKey, event

ALWAYS_PERSONAL = ("phones", "emails", "contact_person", "note")
PERSONAL_OF_PEOPLE = (*ALWAYS_PERSONAL, "name", "full_name", "inn", "ogrn", "address")


def personal_fields(kind: ClientKind) -> tuple[str, ...]:
    """A company's name is no personal datum; a person's is, and so is a sole trader's."""
    return ALWAYS_PERSONAL if kind == "legal_entity" else PERSONAL_OF_PEOPLE


def _of_created(happened: "ClientCreated") -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): personal_fields(happened.kind)}


def _of_changed(happened: "ClientChanged") -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): ("personal_before", "personal_after")}


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as written, and as E.164 where it is a valid one."""

    written: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Email:
    address: str
    valid: bool = True


@event("ClientCreated", personal=_of_created)
@dataclass(frozen=True, slots=True)
class ClientCreated:
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


@event("ClientChanged", personal=_of_changed)
@dataclass(frozen=True, slots=True)
class ClientChanged:
    """Every changed field before and after, personal ones apart."""

    client_id: str
    fields: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    personal_before: Mapping[str, Any] | None = None
    personal_after: Mapping[str, Any] | None = None


@event("ClientAssigned")
@dataclass(frozen=True, slots=True)
class ClientAssigned:
    client_id: str
    manager_before: str | None
    manager_after: str | None


def _of_task(happened: "TaskAssigned | TaskCompleted") -> PersonalFields:
    """Free text is personal to its client; without one it tells of nobody."""
    if happened.client_id is None:
        return {}
    return {PersonKey(happened.client_id, "relation"): ("title", "result")}


@event("TaskAssigned", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskAssigned:
    task_id: str
    client_id: str | None
    document_id: str | None
    assignee_id: str | None
    due_date: date
    title: str | None = None


@event("TaskCompleted", personal=_of_task)
@dataclass(frozen=True, slots=True)
class TaskCompleted:
    task_id: str
    client_id: str | None
    result: str | None = None


@event("ImportStarted")
@dataclass(frozen=True, slots=True)
class ImportStarted:
    import_id: str
    file_name: str
    file_hash: str
    columns: Mapping[str, str | None]
    total: int


@dataclass(frozen=True, slots=True)
class RowProblem:
    column: str
    code: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row, by the number a spreadsheet program shows for it."""

    row: int
    outcome: str
    client_id: str | None
    problems: tuple[RowProblem, ...]


@event("ImportRowsProcessed")
@dataclass(frozen=True, slots=True)
class ImportRowsProcessed:
    import_id: str
    done: int
    results: tuple[RowResult, ...]


@event("ImportCompleted")
@dataclass(frozen=True, slots=True)
class ImportCompleted:
    import_id: str
    counts: Mapping[str, int]


@event("ImportStopped")
@dataclass(frozen=True, slots=True)
class ImportStopped:
    import_id: str

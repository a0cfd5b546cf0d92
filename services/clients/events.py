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
    operation_id: str
    started_by: str
    total: int
    file_name: str
    file_hash: str
    columns: Mapping[str, str | None]


@event("EditStarted")
@dataclass(frozen=True, slots=True)
class EditStarted:
    """Many clients get the same values; their ids are kept as a file."""

    operation_id: str
    started_by: str
    total: int
    clients_hash: str
    changes: Mapping[str, str | None]


@event("RevertStarted")
@dataclass(frozen=True, slots=True)
class RevertStarted:
    """What is undone, client by client, is kept as a file."""

    operation_id: str
    started_by: str
    total: int
    reverts: str
    rows_hash: str


@event("OperationReverted")
@dataclass(frozen=True, slots=True)
class OperationReverted:
    """Another operation has begun to undo this one."""

    operation_id: str
    reverted_by: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    column: str
    code: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: of a table by the number a spreadsheet program shows for it, else
    counted from 1. A client that was changed stood at the versions `before` and `after` it."""

    row: int
    outcome: str
    client_id: str | None
    problems: tuple[RowProblem, ...] = ()
    before: int = 0
    after: int = 0


@event("OperationRowsProcessed")
@dataclass(frozen=True, slots=True)
class OperationRowsProcessed:
    operation_id: str
    done: int
    results: tuple[RowResult, ...]


@event("OperationCompleted")
@dataclass(frozen=True, slots=True)
class OperationCompleted:
    operation_id: str
    counts: Mapping[str, int]


@event("OperationStopRequested")
@dataclass(frozen=True, slots=True)
class OperationStopRequested:
    """It stops when the chunk at work is noted."""

    operation_id: str


@event("OperationStopped")
@dataclass(frozen=True, slots=True)
class OperationStopped:
    operation_id: str


@event("OperationResumed")
@dataclass(frozen=True, slots=True)
class OperationResumed:
    operation_id: str

"""What happens to long work on many clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.clients.commands.operations import Existing
from services.kernel.events import event


@event("ImportStarted")
@dataclass(frozen=True, slots=True)
class ImportStarted:
    """`users` are those whose clients the importer sees; None: everybody's. `existing` says what is
    done with a client that is in the base already, `source` is that of rows which name none. One that
    only tries writes nothing but what would become of each row. One that is `unread` has its file as it
    came, to be read first."""

    operation_id: str
    started_by: str
    total: int
    file_name: str
    file_hash: str
    columns: Mapping[str, str | None]
    users: tuple[str, ...] | None = None
    existing: Existing = "skip"
    source: str = ""
    dry_run: bool = False
    unread: bool = False


@event("EditStarted")
@dataclass(frozen=True, slots=True)
class EditStarted:
    """Many clients get the same values; their ids are kept as a file."""

    operation_id: str
    started_by: str
    total: int
    clients_hash: str
    changes: Mapping[str, str | None]


@event("HandOverStarted")
@dataclass(frozen=True, slots=True)
class HandOverStarted:
    """What one user has in hand goes to another; what there is of it, `total` pieces, is kept as a
    file. Other services follow with theirs."""

    operation_id: str
    started_by: str
    total: int
    user_id: str
    successor_id: str
    pieces_hash: str


@event("RevertStarted")
@dataclass(frozen=True, slots=True)
class RevertStarted:
    """What is undone, client by client, is kept as a file. Of a hand-over the users are told as well:
    what `user_id` was given goes back to `successor_id`."""

    operation_id: str
    started_by: str
    total: int
    reverts: str
    rows_hash: str
    user_id: str | None = None
    successor_id: str | None = None


@event("HandOverReverted")
@dataclass(frozen=True, slots=True)
class HandOverReverted:
    """What `user_id` was given by the operation goes back to `successor_id`, by another operation."""

    operation_id: str
    reverted_by: str
    user_id: str
    successor_id: str


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
    counted from 1. A client that was changed stood at the versions `before` and `after` it; one
    that was made, at 0 before. Of a hand-over, what the row is about may be something else of the client's."""

    row: int
    outcome: str
    client_id: str | None
    problems: tuple[RowProblem, ...] = ()
    before: int = 0
    after: int = 0
    what: str = "client"
    subject_id: str | None = None


@event("ImportRead")
@dataclass(frozen=True, slots=True)
class ImportRead:
    """The table of an import that began unread, row by row."""

    operation_id: str
    total: int
    file_hash: str


@event("ImportRefused")
@dataclass(frozen=True, slots=True)
class ImportRefused:
    """Its file cannot be read, or is no table of clients: nothing is taken in."""

    operation_id: str
    problems: tuple[RowProblem, ...]


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


@event("FailedRowsKept")
@dataclass(frozen=True, slots=True)
class FailedRowsKept:
    """The rows of a table that were not taken in are kept as a file of their own, for a while."""

    operation_id: str
    rows: int
    size: int
    file_hash: str
    expires_at: datetime


@event("FailedRowsDestroyed")
@dataclass(frozen=True, slots=True)
class FailedRowsDestroyed:
    """The file is no longer to be kept; it has no hash where none came about."""

    operation_id: str
    file_hash: str


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

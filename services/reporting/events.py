"""What happens to exports. What was sought, and where a page ended, may name people: it is sealed
with a key of the export's own, which is destroyed together with its file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.kernel.events import PersonalFields, PersonKey, event
from services.reporting.commands import Format, Language


class _OfExport(Protocol):
    @property
    def export_id(self) -> str: ...


def key_of(export_id: str) -> PersonKey:
    return PersonKey(export_id, "relation")


def _asked(requested: _OfExport) -> PersonalFields:
    return {key_of(requested.export_id): ("filter", "q")}


def _place(read: _OfExport) -> PersonalFields:
    return {key_of(read.export_id): ("cursor",)}


@event("ExportRequested", personal=_asked)
@dataclass(frozen=True, slots=True)
class ExportRequested:
    """`principal` is the key or session it was asked with. Without `fields` it is all of them."""

    export_id: str
    resource: str
    format: Format
    language: Language
    requested_by: str
    principal: str
    sort: str
    fields: tuple[str, ...]
    filter: str | None = None
    q: str | None = None


@event("ExportPageRead", personal=_place)
@dataclass(frozen=True, slots=True)
class ExportPageRead:
    """So many rows lie in the blob `part`, as seen by who sees the rows of `users` (None:
    everybody's) with `masked` fields in part; `last` says that there are no more."""

    export_id: str
    rows: int
    part: str
    last: bool
    users: tuple[str, ...] | None
    masked: tuple[str, ...]
    cursor: str | None = None


@event("ExportCompleted")
@dataclass(frozen=True, slots=True)
class ExportCompleted:
    """The file is there until `expires_at`. `hash` is SHA-256 of its content."""

    export_id: str
    resource: str
    format: Format
    requested_by: str
    rows: int
    size: int
    hash: str
    expires_at: datetime


@event("ExportFailed")
@dataclass(frozen=True, slots=True)
class ExportFailed:
    """There will be no file. `reason` is a code: `not-allowed`, `too-many-rows`, `too-large`,
    `gave-up`, or the type of the problem with which the rows were refused."""

    export_id: str
    resource: str
    requested_by: str
    reason: str


@event("ExportStopped")
@dataclass(frozen=True, slots=True)
class ExportStopped:
    export_id: str


@event("ExportResumed")
@dataclass(frozen=True, slots=True)
class ExportResumed:
    export_id: str


@event("ExportDownloaded")
@dataclass(frozen=True, slots=True)
class ExportDownloaded:
    export_id: str
    resource: str
    downloaded_by: str


@event("ExportExpired")
@dataclass(frozen=True, slots=True)
class ExportExpired:
    """Its file and what was sought are destroyed."""

    export_id: str
    resource: str

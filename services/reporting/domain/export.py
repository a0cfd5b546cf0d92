"""An export: rows read page by page into a file that lives for a few days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.kernel.errors import FieldError, Forbidden, Invalid, Refusal
from services.kernel.rights import Rights
from services.reporting.commands import Format, Language, RequestExport
from services.reporting.events import (
    ExportCompleted,
    ExportDownloaded,
    ExportExpired,
    ExportFailed,
    ExportPageRead,
    ExportRequested,
    ExportResumed,
    ExportStopped,
)

Event = (
    ExportRequested
    | ExportPageRead
    | ExportCompleted
    | ExportFailed
    | ExportStopped
    | ExportResumed
    | ExportDownloaded
    | ExportExpired
)
IN_ADDRESS_BOOKS = ("clients", "contacts")
MOST_ROWS = 100_000
LARGEST_FILE = 64 * 1024 * 1024
KEPT = timedelta(days=7)  # a file, and what is left of an export without one

STATES: Mapping[type, str] = {
    ExportCompleted: "completed",
    ExportFailed: "failed",
    ExportStopped: "stopped",
    ExportResumed: "running",
    ExportExpired: "expired",
}


class ExportNotReady(Refusal):
    ru = "Файла выгрузки нет: её состояние — {state}"
    en = "The export has no file: it is {state}"


class ExportGone(Refusal):
    status = 410
    ru = "Файл выгрузки уничтожен по истечении срока"
    en = "The file of the export was destroyed when its time was over"


@dataclass(frozen=True, slots=True)
class Export:
    """`state` is running, stopped, completed, failed or expired. `parts` are blobs of rows, in
    order; `read` says that there are no more to come, `read_as` by which rights they were read."""

    id: str
    resource: str
    format: Format
    language: Language
    requested_by: str
    principal: str
    asked: Mapping[str, str]
    fields: tuple[str, ...]
    state: str = "running"
    rows: int = 0
    parts: tuple[str, ...] = ()
    cursor: str | None = None
    read: bool = False
    read_as: Rights | None = None
    file: str = ""
    expires_at: datetime | None = None

    def shown_to(self, rights: Rights) -> bool:
        """Whether who has these rights sees all that was read."""
        return self.read_as is None or rights.cover(self.read_as)


def request_export(command: RequestExport, actor: str, principal: str) -> list[Event]:
    if command.format == "vcf" and command.resource not in IN_ADDRESS_BOOKS:
        ru, en = "В адресную книгу выгружаются клиенты и контактные лица", "Address books take clients and contacts"
        raise Invalid([FieldError("format", "no-vcards", ru, en)])
    if command.format == "vcf" and command.fields:
        ru, en = "Поля визитной карточки заданы форматом", "The fields of a card are those of its format"
        raise Invalid([FieldError("fields", "fields-of-vcards", ru, en)])
    requested = ExportRequested(
        command.export_id,
        command.resource,
        command.format,
        command.language,
        actor,
        principal,
        command.sort,
        command.fields,
        command.filter,
        command.q,
    )
    return [requested]


def read_page(export: Export, rows: int, part: str, rights: Rights, cursor: str | None) -> Sequence[Event]:
    """Notes what was read; an export of too many rows ends without a file."""
    if export.state != "running":
        return []
    if export.rows + rows > MOST_ROWS:
        return fail_export(export, "too-many-rows")
    users = None if rights.users is None else tuple(sorted(rights.users))
    return [ExportPageRead(export.id, rows, part, cursor is None, users, tuple(sorted(rights.masked)), cursor)]


def complete_export(export: Export, size: int, hash: str, now: datetime) -> Sequence[Event]:
    if export.state != "running":
        return []
    named = (export.id, export.resource, export.format, export.requested_by)
    return [ExportCompleted(*named, export.rows, size, hash, now + KEPT)]


def fail_export(export: Export, reason: str) -> Sequence[Event]:
    if export.state != "running":
        return []
    return [ExportFailed(export.id, export.resource, export.requested_by, reason)]


def stop_export(export: Export) -> Sequence[Event]:
    return [ExportStopped(export.id)] if export.state == "running" else []


def resume_export(export: Export) -> Sequence[Event]:
    return [ExportResumed(export.id)] if export.state == "stopped" else []


def download_export(export: Export, actor: str, rights: Rights, now: datetime) -> Sequence[Event]:
    """Every download is noted. Who sees less by now than was read gets no file any more."""
    if export.state == "expired" or (export.expires_at is not None and export.expires_at <= now):
        raise ExportGone
    if export.state != "completed":
        raise ExportNotReady(state=export.state)
    if not export.shown_to(rights):
        raise Forbidden(permission=f"{export.resource}.export")
    return [ExportDownloaded(export.id, export.resource, actor)]


def expire_export(export: Export) -> Sequence[Event]:
    ended = export.state in ("completed", "failed", "stopped")
    return [ExportExpired(export.id, export.resource)] if ended else []


def evolve(export: Export | None, event: Event) -> Export:
    if isinstance(event, ExportRequested):
        return _requested(event)
    assert export is not None
    match event:
        case ExportPageRead():
            return _read(export, event)
        case ExportCompleted():
            return replace(export, state="completed", file=event.hash, expires_at=event.expires_at)
        case ExportDownloaded():
            return export
    return replace(export, state=STATES[type(event)])


def _read(export: Export, event: ExportPageRead) -> Export:
    rights = Rights(None if event.users is None else frozenset(event.users), frozenset(event.masked))
    return replace(
        export,
        rows=export.rows + event.rows,
        parts=(*export.parts, event.part),
        cursor=event.cursor,
        read=event.last,
        read_as=rights if export.read_as is None else rights.joined(export.read_as),
    )


def _requested(event: ExportRequested) -> Export:
    asked = {"filter": event.filter or "", "q": event.q or "", "sort": event.sort}
    return Export(
        event.export_id,
        event.resource,
        event.format,
        event.language,
        event.requested_by,
        event.principal,
        {name: value for name, value in asked.items() if value},
        event.fields,
    )

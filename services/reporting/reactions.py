"""What reporting does when an export was asked for: reads its rows, writes its file, destroys it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel import clock
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.lists import MAX_LIMIT
from services.kernel.message import Message
from services.kernel.reactions import Arguments, DueCommand, Effect, Outcome, Plan, Reaction, Timer
from services.kernel.rights import Rights
from services.kernel.rpc import Refused
from services.kernel.store.aggregates import Loaded
from services.kernel.store.claims import StreamEvents
from services.reporting.adapters.sheets.sheet import Sheet
from services.reporting.adapters.sheets.writing import TooLarge, write_sheet
from services.reporting.domain import export as exports
from services.reporting.domain.cells import Column
from services.reporting.domain.export import Export
from services.reporting.domain.headings import about, heading, title
from services.reporting.events import key_of
from services.reporting.handlers import EXPORT
from services.reporting.queries import exports_past_keeping, heard_of, unexpired_exports

PAGES = 10  # read in one go
PAGE_WITHIN = timedelta(seconds=10)
LARGEST_PART = 8 * 1024 * 1024
WRITE_WITHIN = 240.0
EXPIRED_BATCH = 100
SERVER_ERRORS = 500

# which list of which service shows a resource
LISTS: Mapping[str, tuple[str, str]] = {
    "clients": ("clients", "list_clients"),
    "contacts": ("clients", "list_contacts"),
    "deals": ("deals", "list_deals"),
    "documents": ("documents", "list_documents"),
    "interactions": ("clients", "list_interactions"),
    "messages": ("notifications", "list_messages"),
    "payments": ("documents", "list_payments"),
    "tasks": ("clients", "list_tasks"),
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "vcf": "text/vcard",
}


class NotAllowed(Exception):
    """Who asked for the export may not take these rows any more."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asked for the export, and what he may see of its rows at this moment."""

    name: str
    rights: Rights


def on_export_going_on(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("carry_on_export", {"export_id": recorded.subject})]


def run_carry_on_export(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The next pages, or the file once all are read; nothing when it has ended. Rows are read by
    the rights that who asked for it has at that moment."""
    begun = tools.load(EXPORT, arguments["export_id"], context).state
    if begun.state != "running":
        return Outcome()
    try:
        requester = _requester(begun, tools, context)
        return (
            _write_file(begun, requester, tools, context)
            if begun.read
            else _read_pages(begun, requester, tools, context)
        )
    except NotAllowed:
        return _failed(begun.id, "not-allowed", tools, context)
    except TooLarge:
        return _failed(begun.id, "too-large", tools, context)
    except Refused as refused:
        if refused.status >= SERVER_ERRORS:
            raise
        return _failed(begun.id, refused.problem().type, tools, context)


def _requester(export: Export, tools: Tools, context: Context) -> Requester:
    asked = {
        "user_id": export.requested_by,
        "principal": export.principal,
        "permission": f"{export.resource}.export",
    }
    held = tools.call("gateway", "get_rights", asked, _soon(context))["result"]
    if not held["allowed"]:
        raise NotAllowed
    rights = Rights(None if held["users"] is None else frozenset(held["users"]), frozenset(held["masked"]))
    if not export.shown_to(rights):
        raise NotAllowed  # he sees less by now than was read already
    return Requester(held["name"] or export.requested_by, rights)


def _read_pages(export: Export, requester: Requester, tools: Tools, context: Context) -> Outcome:
    rows: list[msgspec.Raw] = []
    size, cursor = 0, export.cursor
    for _ in range(PAGES):
        page = _page(export, cursor, requester, tools, context)
        read = [msgspec.json.encode(row) for row in page["items"]]
        rows += map(msgspec.Raw, read)
        size += sum(map(len, read))
        cursor = page["next"]
        if cursor is None or size > LARGEST_PART:
            break
    part = tools.blobs.put(msgspec.json.encode(rows), "application/json", key_of(export.id))

    def decide() -> list[StreamEvents]:
        now = tools.load(EXPORT, export.id, context)
        if now.state.parts != export.parts:
            return []  # read by another run
        return [
            StreamEvents(
                now.stream, now.version, exports.read_page(now.state, len(rows), part.hash, requester.rights, cursor)
            )
        ]

    return Outcome(decide)


def _page(
    export: Export, cursor: str | None, requester: Requester, tools: Tools, context: Context
) -> Mapping[str, Any]:
    service, call = LISTS[export.resource]
    arguments = {**export.asked, "limit": MAX_LIMIT}
    if export.fields:
        arguments["fields"] = ",".join(export.fields)
    if cursor:
        arguments["cursor"] = cursor
    with tools.read() as connection:
        heard = {service: heard_of(connection, service)}
    asking = replace(_soon(context), actor=export.requested_by, rights=requester.rights, min_position=heard)
    page: Mapping[str, Any] = tools.call(service, call, arguments, asking)["result"]
    return page


def _write_file(export: Export, requester: Requester, tools: Tools, context: Context) -> Outcome:
    sheet = _sheet(export, requester, tools, context)
    parts = (tools.blobs.get(part) for part in export.parts)
    file = write_sheet(sheet, parts, exports.LARGEST_FILE, WRITE_WITHIN)
    kept = tools.blobs.put(file, MEDIA_TYPES[export.format], key_of(export.id))

    def decide() -> list[StreamEvents]:
        now = tools.load(EXPORT, export.id, context)
        completed = exports.complete_export(now.state, kept.size, kept.hash, clock.now())
        return [StreamEvents(now.stream, now.version, completed)]

    return Outcome(decide)


def _sheet(export: Export, requester: Requester, tools: Tools, context: Context) -> Sheet:
    service, call = LISTS[export.resource]
    resource = tools.call(service, "describe", {}, _soon(context))["result"]["calls"][call]["resource"]
    kinds: Mapping[str, str] = resource["filter"]
    names: Sequence[str] = export.fields or resource["fields"]
    columns = tuple(Column(name, heading(name, export.language), kinds.get(name, "json")) for name in names)
    zone = tools.settings.time_zone
    taken = f"{clock.now().astimezone(zone):%Y-%m-%d %H:%M}"
    told = about(export, requester.name, f"{taken} {zone.key}")
    stamp = f"{requester.name}, {taken}, {export.id}"
    return Sheet(
        title(export.resource, export.language), export.format, export.language, columns, stamp, told, zone.key
    )


def _failed(export_id: str, reason: str, tools: Tools, context: Context) -> Outcome:
    def decide() -> list[StreamEvents]:
        now = tools.load(EXPORT, export_id, context)
        return [StreamEvents(now.stream, now.version, exports.fail_export(now.state, reason))]

    return Outcome(decide)


def _soon(context: Context) -> Context:
    """One call of another service takes no longer than a caller by HTTP would wait."""
    return replace(context, deadline=clock.now() + PAGE_WITHIN, idempotency_key=None)


def gave_up(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    now = tools.load(EXPORT, arguments["export_id"], context)
    return [StreamEvents(now.stream, now.version, exports.fail_export(now.state, "gave-up"))]


def on_export_expired(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("destroy_export", {"export_id": recorded.subject})]


def run_destroy_export(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The key first: what is sealed with it is lost from then on, in backups too."""
    export = tools.load(EXPORT, arguments["export_id"], context).state
    key = key_of(export.id)
    tools.forget(key)
    for hash_ in filter(None, (*export.parts, export.file)):
        tools.blobs.remove(hash_, key)
    return Outcome()


def on_personal_data_erased(_message: Message, _tools: Tools) -> Sequence[Plan]:
    return [Plan("close_exports", {})]


def run_close_exports(_arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Rows that were read before somebody was forgotten may tell of him: no file of such rows stays,
    and none is made of them."""
    tools.catch_up("reporting")  # with exports that were begun a moment ago

    def decide() -> list[StreamEvents]:
        with tools.read() as connection:
            open_ones = unexpired_exports(connection)
        return [_closed(tools.load(EXPORT, export_id, context)) for export_id in open_ones]

    return Outcome(decide)


def _closed(loaded: Loaded[Export]) -> StreamEvents:
    failed = exports.fail_export(loaded.state, "erasure")
    state = loaded.state
    for event in failed:
        state = exports.evolve(state, event)
    return StreamEvents(loaded.stream, loaded.version, [*failed, *exports.expire_export(state)])


def due_exports(connection: sa.Connection, now: datetime) -> Sequence[DueCommand]:
    return [
        DueCommand("expire_export", {"export_id": export_id}, key=f"expire/{export_id}/{expires_at}")
        for export_id, expires_at in exports_past_keeping(connection, now, EXPIRED_BATCH)
    ]


GOING_ON = ("ExportRequested", "ExportPageRead", "ExportResumed")

REACTIONS = (
    Reaction("carry_on_export", source="reporting", on=dict.fromkeys(GOING_ON, on_export_going_on)),
    Reaction("close_exports", source="clients", on={"PersonalDataErased": on_personal_data_erased}),
    Reaction("destroy_export", source="reporting", on={"ExportExpired": on_export_expired}),
)

EFFECTS = (
    Effect("close_exports", run_close_exports, on_unknown="repeat"),
    Effect(
        "carry_on_export",
        run_carry_on_export,
        on_unknown="repeat",
        attempts=12,
        pause=timedelta(seconds=2),
        limit=timedelta(minutes=5),
        on_failure=gave_up,
    ),
    Effect("destroy_export", run_destroy_export, on_unknown="repeat"),
)

TIMERS = (Timer("expired_exports", due_exports, every=60.0),)

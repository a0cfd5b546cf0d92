"""Rows to views, and what a letter needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel.clock import from_micros, to_iso
from services.kernel.commands import Tools
from services.kernel.errors import NotFound
from services.kernel.lists import Aliases, Field, Kind, Resource, encode_cursor
from services.kernel.message import SOURCE_PREFIX
from services.kernel.rights import Rights
from services.notifications import tables as t
from services.notifications.domain.webhook import check_rights

CLIENTS = Aliases(t.client_aliases)


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    address: str | None


def find_recipient(connection: sa.Connection, client_id: str) -> Recipient | None:
    """How the client is greeted, and its first valid e-mail address."""
    standing = CLIENTS.resolve(connection, client_id)
    row = connection.execute(sa.select(t.recipients).where(t.recipients.c.id == standing)).first()
    if row is None:
        return None
    valid = [email["address"] for email in msgspec.json.decode(row.emails) if email["valid"]]
    return Recipient(row.contact_person or row.name or "", valid[0] if valid else None)


def find_organisation(connection: sa.Connection, organisation_id: str) -> tuple[str, str] | None:
    """The name that signs and the address that sends."""
    query = sa.select(t.organisations.c.name, t.organisations.c.email)
    row = connection.execute(query.where(t.organisations.c.id == organisation_id)).first()
    return (row.name, row.email) if row else None


def find_invoice_file(connection: sa.Connection, document_id: str) -> tuple[str, int] | None:
    """The invoice's PDF: its hash and size."""
    query = sa.select(t.invoice_files.c.hash, t.invoice_files.c.size)
    row = connection.execute(query.where(t.invoice_files.c.document_id == document_id)).first()
    return (row.hash, row.size) if row else None


CLIENT_MANAGER = (
    sa.select(t.recipients.c.manager_id)
    .where(t.recipients.c.id == CLIENTS.resolved(t.messages.c.client_id))
    .scalar_subquery()
)

MESSAGES = Resource(
    "message",
    "message_id",
    t.messages,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("client_id", Kind.ID, aliases=CLIENTS),
        Field("channel", Kind.WORD),
        Field("template", Kind.WORD),
        Field("document_id", Kind.ID),
        Field("state", Kind.WORD),
        Field("reason", Kind.TEXT),
        Field("address", Kind.TEXT, masked="email"),
        Field("cause", Kind.ID),
        Field("planned_at", Kind.TIME),
        Field("ended_at", Kind.TIME),
    ),
    owners=(CLIENT_MANAGER,),
)

NOTICES = Resource(
    "notice",
    "notice_id",
    t.notices,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("user_id", Kind.ID),
        Field("template", Kind.WORD),
        Field("facts", Kind.JSON),
        Field("state", Kind.WORD),
        Field("reason", Kind.TEXT),
        Field("address", Kind.TEXT, masked="email"),
        Field("cause", Kind.ID),
        Field("planned_at", Kind.TIME),
        Field("ended_at", Kind.TIME),
    ),
    owners=(t.notices.c.user_id,),
)


def _time(micros: int | None) -> str | None:
    return to_iso(from_micros(micros)) if micros else None


def count_webhooks(connection: sa.Connection) -> int:
    """Those that are not cancelled."""
    w = t.webhooks.c
    count: int = connection.execute(sa.select(sa.func.count()).where(w.state != "cancelled")).scalar_one()
    return count


def webhooks_in(connection: sa.Connection, *states: str, owner_id: str = "") -> dict[str, int]:
    """The versions, by id, of the webhooks in some states, or of those of one owner."""
    w = t.webhooks.c
    query = sa.select(w.id, w.version).where(w.state.in_(states))
    if owner_id:
        query = query.where(w.owner_id == owner_id)
    return {row.id: row.version for row in connection.execute(query)}


def webhook_owners(connection: sa.Connection) -> list[str]:
    """Whose webhooks there are that send something, or may soon."""
    w = t.webhooks.c
    query = sa.select(w.owner_id).where(w.state.in_(("active", "pending"))).distinct()
    return list(connection.execute(query).scalars())


WEBHOOKS = Resource(
    "webhook",
    "webhook_id",
    t.webhooks,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("owner_id", Kind.ID),
        Field("url", Kind.ID),
        Field("types", Kind.TEXTS),
        Field("sources", Kind.TEXTS),
        Field("subjects", Kind.TEXTS),
        Field("description", Kind.TEXT),
        Field("state", Kind.WORD),
        Field("reason", Kind.WORD),
        Field("created_at", Kind.TIME),
        Field("replay", Kind.JSON),
    ),
    owners=(t.webhooks.c.owner_id,),
)


def get_webhook(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    check_rights(rights)
    with tools.read() as connection:
        view = WEBHOOKS.get(connection, arguments, rights)
    [shown] = _with_progress(tools, [view])
    return shown


def list_webhooks(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """Where only some fields are asked for, the progress is not among them."""
    check_rights(rights)
    with tools.read() as connection:
        page = WEBHOOKS.page(connection, arguments, rights)
    return page if arguments.get("fields") else {**page, "items": _with_progress(tools, page["items"])}


def list_webhook_deliveries(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """The latest attempts first."""
    check_rights(rights)
    with tools.read() as connection:
        if (
            connection.execute(sa.select(t.webhooks.c.id).where(t.webhooks.c.id == arguments["webhook_id"])).first()
            is None
        ):
            raise NotFound(what="webhook", id=arguments["webhook_id"])
    a = t.webhook_attempts.c
    query = sa.select(t.webhook_attempts).where(a.webhook_id == arguments["webhook_id"])
    for name in ("outcome", "event_id"):
        if arguments.get(name):
            query = query.where(a[name] == arguments[name])
    if arguments.get("cursor"):
        query = query.where(a.id < arguments["cursor"])
    with tools.store.database.read() as connection:
        rows = connection.execute(query.order_by(a.id.desc()).limit(arguments["limit"] + 1)).all()
    page = rows[: arguments["limit"]]
    items = [{**row._mapping, "at": _time(row.at), "source": SOURCE_PREFIX + row.source} for row in page]
    return {"items": items, "next": encode_cursor(page[-1].id) if len(rows) > len(page) else None}


def _with_progress(tools: Tools, views: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The webhooks with how far each has come, which lies beside the events."""
    c = t.webhook_cursors.c
    query = sa.select(t.webhook_cursors).where(c.webhook_id.in_([view["id"] for view in views]))
    with tools.store.database.read() as connection:
        cursors = {row.webhook_id: row for row in connection.execute(query)}
    return [{**view, **_progress(view, cursors.get(view["id"]))} for view in views]


def _progress(view: dict[str, Any], cursor: sa.Row[Any] | None) -> dict[str, Any]:
    if cursor is None:
        return {"positions": {}, "failures": 0, "failing_since": None, "next_attempt_at": None}
    replay = view["replay"]
    if replay is not None:
        reached = cursor.replayed if cursor.replay_id == replay["id"] else "{}"
        replay = {**replay, "positions": _named(msgspec.json.decode(reached))}
    return {
        "positions": _named(msgspec.json.decode(cursor.positions)),
        "failures": cursor.failures,
        "failing_since": _time(cursor.failing_since),
        "next_attempt_at": _time(cursor.due_at) if view["state"] == "active" else None,
        "replay": replay,
    }


def _named(positions: Mapping[str, int]) -> dict[str, int]:
    return {SOURCE_PREFIX + source: position for source, position in positions.items()}

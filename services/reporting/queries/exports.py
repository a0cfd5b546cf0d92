"""Exports as they are seen, and which are over their time."""

from datetime import datetime

import sqlalchemy as sa

from services.kernel.clock import to_micros
from services.kernel.lists import Field, Kind, Resource
from services.kernel.projections.tables import checkpoints
from services.reporting import tables as t
from services.reporting.schemas import EXPORT_STATES, EXPORTED, FORMATS, LANGUAGES

EXPORTS = Resource(
    "export",
    "export_id",
    t.exports,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("resource", Kind.WORD, words=EXPORTED),
        Field("format", Kind.WORD, words=FORMATS),
        Field("language", Kind.WORD, words=LANGUAGES),
        Field("state", Kind.WORD, words=EXPORT_STATES),
        Field("reason", Kind.WORD),
        Field("rows", Kind.NUMBER),
        Field("asked", Kind.JSON),
        Field("requested_by", Kind.ID),
        Field("requested_at", Kind.TIME),
        Field("ended_at", Kind.TIME),
        Field("expires_at", Kind.TIME),
        Field("size", Kind.NUMBER),
        Field("hash", Kind.ID),
        Field("downloads", Kind.NUMBER),
    ),
    owners=(t.exports.c.requested_by,),
)


def count_running_exports(connection: sa.Connection) -> int:
    query = sa.select(sa.func.count()).where(t.exports.c.state == "running")
    count: int = connection.execute(query).scalar_one()
    return count


def unexpired_exports(connection: sa.Connection) -> list[str]:
    """The ids of all exports of which rows may be kept."""
    query = sa.select(t.exports.c.id).where(t.exports.c.state != "expired").order_by(t.exports.c.id)
    return list(connection.execute(query).scalars())


def heard_of(connection: sa.Connection, service: str) -> int:
    """Up to which of a service's positions its events are in the read models here."""
    c = checkpoints.c
    query = sa.select(sa.func.max(c.position)).where(c.source == service)
    return connection.execute(query).scalar() or 0


def exports_past_keeping(connection: sa.Connection, now: datetime, limit: int) -> list[tuple[str, int]]:
    """Ids, and until when each was to be kept."""
    e = t.exports.c
    query = sa.select(e.id, e.expires_at).where(e.expires_at <= to_micros(now), e.state != "expired")
    return [(row.id, row.expires_at) for row in connection.execute(query.order_by(e.expires_at).limit(limit))]

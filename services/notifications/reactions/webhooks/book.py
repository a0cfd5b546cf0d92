"""How far each webhook has come and what became of its latest attempts, kept beside the events."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by SQLite as well

from services.kernel import clock
from services.kernel.database import Database
from services.kernel.ids import new_id
from services.notifications import tables as t
from services.notifications.domain.webhook import Webhook

KEPT_ATTEMPTS, KEPT_FOR = 1000, timedelta(days=30)

_encode = msgspec.json.encode
_positions = msgspec.json.Decoder(dict[str, int]).decode


class Overtaken(Exception):
    """Another process has moved the cursor: it delivers now."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message offered to a receiver."""

    kind: str
    event_id: str
    type: str
    source: str
    position: int
    attempt: int
    outcome: str
    status: int | None
    milliseconds: int
    answer: str
    at: int
    id: str = field(default_factory=new_id)

    @property
    def delivered(self) -> bool:
        return self.outcome == "delivered"


@dataclass(frozen=True, slots=True)
class Standing:
    """A webhook's row: everything up to `positions` is delivered, of a replay up to `replayed`."""

    webhook_id: str
    revision: int
    round: int
    positions: Mapping[str, int]
    replay_id: str | None = None
    replayed: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0
    failing_since: int | None = None
    due_at: int = 0

    def failed(self, now: datetime) -> "Standing":
        since = self.failing_since or clock.to_micros(now)
        return replace(self, failures=self.failures + 1, failing_since=since)

    def served(self) -> "Standing":
        return replace(self, failures=0, failing_since=None, due_at=0)


class Book:
    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(t.kept)

    def open(self, webhook: Webhook) -> Standing:
        """Where a webhook stands, its attempts begun anew where its round or replay is another."""
        first = Standing(webhook.id, 0, webhook.round, webhook.start)
        with self._database.write() as connection:
            connection.execute(insert(t.webhook_cursors).values(**_row(first)).on_conflict_do_nothing())
            query = sa.select(t.webhook_cursors).where(t.webhook_cursors.c.webhook_id == webhook.id)
            standing = _standing(connection.execute(query).one())
        if standing.round != webhook.round:
            standing = replace(standing.served(), round=webhook.round)
        if webhook.replay is not None and standing.replay_id != webhook.replay.id:
            standing = replace(standing, replay_id=webhook.replay.id, replayed=webhook.replay.after)
        return standing

    def save(self, standing: Standing, attempts: Sequence[Attempt] = ()) -> Standing:
        """Moves the row from the revision that was read; raises `Overtaken` when it has moved."""
        moved = replace(standing, revision=standing.revision + 1)
        c = t.webhook_cursors.c
        here = sa.and_(c.webhook_id == standing.webhook_id, c.revision == standing.revision)
        with self._database.write() as connection:
            if connection.execute(sa.update(t.webhook_cursors).where(here).values(**_row(moved))).rowcount == 0:
                raise Overtaken(standing.webhook_id)
            _note(connection, standing.webhook_id, attempts)
        return moved

    def prune(self) -> None:
        """Forgets attempts that are too old, also of webhooks that make none any more."""
        oldest = clock.to_micros(clock.now() - KEPT_FOR)
        with self._database.write() as connection:
            connection.execute(sa.delete(t.webhook_attempts).where(t.webhook_attempts.c.at < oldest))


def note(database: Database, webhook_id: str, attempt: Attempt) -> None:
    """An attempt that moves nothing."""
    with database.write() as connection:
        _note(connection, webhook_id, [attempt])


def _note(connection: sa.Connection, webhook_id: str, attempts: Sequence[Attempt]) -> None:
    if not attempts:
        return
    a = t.webhook_attempts.c
    connection.execute(sa.insert(t.webhook_attempts), [{"webhook_id": webhook_id, **asdict(one)} for one in attempts])
    of_webhook = a.webhook_id == webhook_id
    last = sa.select(a.id).where(of_webhook).order_by(a.id.desc()).offset(KEPT_ATTEMPTS).limit(1)
    too_many = connection.execute(last).scalar()
    if too_many is not None:
        connection.execute(sa.delete(t.webhook_attempts).where(of_webhook, a.id <= too_many))


def _row(standing: Standing) -> dict[str, object]:
    texts = {"positions": _encode(standing.positions).decode(), "replayed": _encode(standing.replayed).decode()}
    return {**asdict(standing), **texts}


def _standing(row: sa.Row[tuple[object, ...]]) -> Standing:
    positions = {"positions": _positions(row.positions), "replayed": _positions(row.replayed)}
    return Standing(**{**row._mapping, **positions})

"""The careful way to write a batch: under the lock, each append judged by itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by SQLite as well

from services.kernel.store import tables as t
from services.kernel.store.claims import (
    ANY_VERSION,
    AlreadyDone,
    Append,
    Appended,
    CheckpointMoved,
    Conflict,
    Done,
    Key,
    KeyTaken,
    VersionConflict,
)
from services.kernel.store.rows import EMPTY, Head, Numbering, Row
from services.kernel.store.writer import Job

ASKED_AT_ONCE = 5_000  # SQLite takes no more than 32,766 values in one statement


def read_head(connection: sa.Connection) -> Head:
    e = t.events.c
    row = connection.execute(
        sa.select(e.position, e.hash, e.recorded_at, e.public, e.previous).order_by(e.position.desc()).limit(1)
    ).first()
    if row is None:
        return EMPTY
    return Head(row.position, bytes(row.hash), row.recorded_at, row.position if row.public else row.previous)


@dataclass(slots=True)
class Standing:
    """Where everything stands that the appends of a batch demand, moved on as they are admitted."""

    versions: dict[str, int]
    owners: dict[Key, str]
    done: dict[tuple[str, str], Done]
    checkpoints: dict[str, int]

    def admit(self, append: Append) -> None:
        """Raises what refuses the append; changes nothing."""
        self._admit_once(append)
        self._admit_versions(append)
        self._admit_keys(append)
        self._admit_checkpoint(append)

    def _admit_once(self, append: Append) -> None:
        if append.idempotency is not None:
            record = self.done.get((append.idempotency.principal, append.idempotency.key))
            if record is not None:
                raise AlreadyDone(record)

    def _admit_versions(self, append: Append) -> None:
        for stream in append.streams:
            actual = self.versions[stream.stream]
            if stream.expected_version not in (ANY_VERSION, actual):
                raise VersionConflict(stream.stream, stream.expected_version, actual)

    def _admit_keys(self, append: Append) -> None:
        holders = {"", *(stream.stream for stream in append.streams)}
        released = set(append.release)
        for key in released:
            if self.owners.get(key, "") not in holders:
                raise KeyTaken(key, self.owners[key])
        for key in append.claim:
            if key in self.owners and key not in released:
                raise KeyTaken(key, self.owners[key])

    def _admit_checkpoint(self, append: Append) -> None:
        if append.checkpoint is not None:
            move = append.checkpoint
            actual = self.checkpoints.get(move.name, 0)
            if actual != move.old:
                raise CheckpointMoved(move.name, move.old, actual)


def read_standing(connection: sa.Connection, appends: Sequence[Append]) -> Standing:
    streams = sorted({s.stream for a in appends for s in a.streams})
    keys = {k for a in appends for k in (*a.claim, *a.release)}
    records = {(a.idempotency.principal, a.idempotency.key) for a in appends if a.idempotency}
    names = sorted({a.checkpoint.name for a in appends if a.checkpoint})
    e, c, i = t.events.c, t.claims.c, t.idempotency.c
    versions = dict.fromkeys(streams, 0)
    standing = Standing(versions, {}, {}, {})
    for some in _portions(streams):
        query = sa.select(e.stream, sa.func.max(e.version)).where(e.stream.in_(some)).group_by(e.stream)
        versions.update((stream, version) for stream, version in connection.execute(query))
    for scope, some in _by_first(keys):
        found = connection.execute(sa.select(c.key, c.stream).where(c.scope == scope, c.key.in_(some)))
        standing.owners.update((Key(scope, key), stream) for key, stream in found)
    for principal, some in _by_first(records):
        rows = connection.execute(sa.select(t.idempotency).where(i.principal == principal, i.key.in_(some)))
        for r in rows:
            standing.done[r.principal, r.key] = Done(r.request_hash, r.resource, r.version, r.position)
    if names:
        standing.checkpoints = lock_checkpoints(connection, names)
    return standing


def _portions(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + ASKED_AT_ONCE] for start in range(0, len(values), ASKED_AT_ONCE))


def _by_first(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Second parts by first part, in portions; a server looks lists of one column up by index."""
    for first, group in groupby(sorted(pairs), key=itemgetter(0)):
        for some in _portions([second for _, second in group]):
            yield first, some


def lock_checkpoints(connection: sa.Connection, names: Sequence[str]) -> dict[str, int]:
    """Where checkpoints stand; nobody else moves them until the transaction ends, whether
    he takes the store's lock or not."""
    begun = insert(t.checkpoints).on_conflict_do_nothing()
    connection.execute(begun, [{"name": name, "position": 0} for name in sorted(names)])
    c = t.checkpoints.c
    query = sa.select(c.name, c.position).where(c.name.in_(names)).order_by(c.name).with_for_update()
    return {row.name: row.position for row in connection.execute(query)}


class Ledger:
    """Writes one batch in one transaction that already holds the store's lock.

    `last_id` is the id of the last event written, None where there was none.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.head = read_head(connection)
        self.last_id: str | None = None

    def write(self, jobs: Sequence[Job]) -> list[Appended | Conflict]:
        standing = read_standing(self.connection, [job.append for job in jobs])
        numbering = Numbering(self.head)
        results: list[Appended | Conflict] = []
        effects = Effects()
        for job in jobs:
            try:
                standing.admit(job.append)
            except Conflict as conflict:
                results.append(conflict)
                continue
            numbering.add(job.drafts, standing.versions, job.append)
            appended = appended_by(job.append, standing.versions, numbering.head.position)
            effects.of(job.append, appended, standing)
            results.append(appended)
        self._insert(numbering.rows)
        effects.write(self.connection)
        self.head = numbering.head
        self.last_id = numbering.rows[-1].id if numbering.rows else None
        return results

    def _insert(self, rows: Sequence[Row]) -> None:
        if rows:
            self.connection.execute(sa.insert(t.events), [row._asdict() for row in rows])


def appended_by(append: Append, versions: dict[str, int], position: int) -> Appended:
    return Appended(position, {s.stream: versions[s.stream] for s in append.streams})


class Effects:
    """What the admitted appends do besides adding events."""

    def __init__(self) -> None:
        self.claimed: dict[Key, tuple[str, int]] = {}
        self.released: set[Key] = set()
        self.done: list[dict[str, object]] = []
        self.checkpoints: dict[str, int] = {}

    def of(self, append: Append, appended: Appended, standing: Standing) -> None:
        for key in append.release:
            standing.owners.pop(key, None)
            self.claimed.pop(key, None)
            self.released.add(key)
        owner = append.streams[0].stream if append.streams else ""
        for key in append.claim:
            standing.owners[key] = owner
            self.claimed[key] = (owner, appended.position)
        if append.idempotency is not None:
            self._record(append, appended, owner, standing)
        if append.checkpoint is not None:
            standing.checkpoints[append.checkpoint.name] = append.checkpoint.new
            self.checkpoints[append.checkpoint.name] = append.checkpoint.new

    def _record(self, append: Append, appended: Appended, owner: str, standing: Standing) -> None:
        claim = append.idempotency
        assert claim is not None
        version = appended.versions.get(claim.stream or owner, 0)
        done = Done(claim.request_hash, claim.resource, version, appended.position)
        standing.done[claim.principal, claim.key] = done
        self.done.append(
            {
                "principal": claim.principal,
                "key": claim.key,
                "request_hash": done.request_hash,
                "resource": done.resource,
                "version": done.version,
                "position": done.position,
            }
        )

    def write(self, connection: sa.Connection) -> None:
        c = t.claims.c
        for scope, some in _by_first(self.released):
            connection.execute(sa.delete(t.claims).where(c.scope == scope, c.key.in_(some)))
        if self.claimed:
            rows = [
                {"scope": key.scope, "key": key.key, "stream": stream, "position": position}
                for key, (stream, position) in self.claimed.items()
            ]
            connection.execute(sa.insert(t.claims), rows)
        if self.done:
            connection.execute(sa.insert(t.idempotency), self.done)
        for name, position in sorted(self.checkpoints.items()):
            set_checkpoint(connection, name, position)


def set_checkpoint(connection: sa.Connection, name: str, position: int) -> None:
    """Moves a checkpoint that was locked before."""
    connection.execute(sa.update(t.checkpoints).where(t.checkpoints.c.name == name).values(position=position))

"""Carrying out one command: validate, recognise a repetition, decide, append, answer."""

import hashlib
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import marshmallow as ma
import msgspec
import sqlalchemy as sa

from services.kernel import clock
from services.kernel.blobs import BlobStore
from services.kernel.config import Settings
from services.kernel.context import Context
from services.kernel.errors import (
    Contended,
    DeadlineExpired,
    Forgotten,
    IdempotencyKeyReused,
    Invalid,
    Refusal,
    StaleVersion,
    VersionRequired,
)
from services.kernel.events import PersonKey
from services.kernel.keyring import Destroyed
from services.kernel.store.aggregates import Aggregate, Loaded, load
from services.kernel.store.claims import (
    AlreadyDone,
    Append,
    CheckpointMove,
    Done,
    Idempotency,
    Key,
    StreamEvents,
    VersionConflict,
)
from services.kernel.store.store import EventStore
from services.kernel.validation import field_errors

S = TypeVar("S")
Call = Callable[[str, str, Mapping[str, Any], Context], dict[str, Any]]
SHORTEST_PAUSE, LONGEST_PAUSE = 0.001, 0.05


@dataclass(frozen=True, slots=True)
class Written:
    """What a command left behind: the resource, its version and the position it is visible at.

    `reveal` is told to the caller this once and kept nowhere: a new secret. `repeated`: it was done
    by an earlier request with the same key.
    """

    id: str
    version: int
    position: int
    reveal: Mapping[str, str] = field(default_factory=dict)
    repeated: bool = field(default=False, compare=False)


class CommandSchema(ma.Schema):
    """Reads a command from a request body; unknown fields are refused."""

    command: ClassVar[type]

    class Meta:
        unknown = ma.RAISE

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.command(**data)


@dataclass(frozen=True, slots=True)
class Tools:
    """What handlers and reactions work with. `read` opens the own read models, `claim_key` hides
    a unique key, `catch_up` fetches what a source has published, `call` asks another service
    (only effects may), `forget` destroys a key for good, and `idempotency` is the record this
    request leaves."""

    store: EventStore
    read: Callable[[], AbstractContextManager[sa.Connection]]
    claim_key: Callable[[str, str], str]
    catch_up: Callable[[str], None]
    blobs: BlobStore
    call: Call
    settings: Settings
    forget: Callable[[PersonKey], bool]
    idempotency: Callable[[str], Idempotency | None] = lambda _resource: None

    def require(self, source: str, known: Callable[[sa.Connection], bool], refusal: Refusal) -> None:
        """Raises the refusal unless the id is known; before that, catches up once from the
        source, as the event that made it may still be on its way."""
        for attempt in (1, 2):
            with self.read() as connection:
                if known(connection):
                    return
            if attempt == 1:
                self.catch_up(source)
        raise refusal

    def load(self, aggregate: Aggregate[S], id: str, context: Context) -> Loaded[S]:
        """The aggregate's state, checked against the caller's If-Match where there is one."""
        loaded = load(self.store, aggregate, id)
        if context.expected_version not in (None, loaded.version):
            raise StaleVersion(expected=context.expected_version, actual=loaded.version)
        return loaded

    def exists(self, aggregate: Aggregate[Any], id: str) -> bool:
        """Whether the stream has begun."""
        return bool(self.store.read_stream_page(aggregate.stream(id), 0, 1))

    def begin(self, aggregate: Aggregate[S], id: str) -> Loaded[S | None]:
        """A stream that must not have begun yet."""
        return Loaded(id, aggregate.stream(id), 0, None)

    def append(
        self,
        context: Context,
        on: Loaded[Any],
        events: Sequence[Any],
        *,
        also: Sequence[StreamEvents] = (),
        claim: Sequence[Key] = (),
        release: Sequence[Key] = (),
        checkpoint: CheckpointMove | None = None,
        occurred_at: datetime | None = None,
    ) -> Written:
        """Appends what was decided on a loaded state, with the request's idempotency record."""
        append = Append(
            context,
            [StreamEvents(on.stream, on.version, events), *also],
            claim=claim,
            release=release,
            idempotency=self.idempotency(on.id),
            checkpoint=checkpoint,
            occurred_at=occurred_at,
        )
        try:
            appended = self.store.append(append)
        except Destroyed as gone:
            raise Forgotten from gone
        return Written(on.id, appended.versions[on.stream], appended.position)


Handler = Callable[[Tools, Any, Context], Written]


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command of a service: how it is read, carried out, and whether it changes something
    that exists, so that the caller must see it and name the version he has seen. `answer` is the
    query that answers it; without one it is answered with id and version. `id_argument` is what
    names it, where that query calls it otherwise."""

    schema: type[CommandSchema]
    handler: Handler
    answer: str = ""
    changes: bool = True
    id_argument: str = ""


def request_hash(name: str, arguments: Mapping[str, Any]) -> str:
    canonical = msgspec.json.encode([name, arguments], order="sorted")
    return hashlib.sha256(canonical).hexdigest()


def check_deadline(context: Context) -> None:
    if clock.now() > context.deadline:
        raise DeadlineExpired


def execute(
    tools: Tools,
    spec: CommandSpec,
    name: str,
    arguments: Mapping[str, Any],
    context: Context,
    permit: Callable[[], None] = lambda: None,
) -> Written:
    """Carries out one command once, however often it is repeated with the same key. `permit`
    refuses what the caller may not change, before anything is decided."""
    check_deadline(context)
    command = read_command(spec.schema, arguments)
    digest = request_hash(name, arguments)
    if done := _done(tools, context):
        return _again(done, digest)
    permit()
    if spec.changes and context.expected_version is None:
        raise VersionRequired
    tools = _with_idempotency(tools, context, digest)
    try:
        return _decide(tools, spec.handler, command, context)
    except AlreadyDone as earlier:
        return _again(earlier.record, digest)
    except Refusal:
        # what it was refused for may be the work of its twin, sent at the same time
        if done := _done(tools, context):
            return _again(done, digest)
        raise


def _done(tools: Tools, context: Context) -> Done | None:
    key = context.idempotency_key
    return tools.store.done(context.principal, key) if key is not None else None


def read_command(schema: type[CommandSchema], arguments: Mapping[str, Any]) -> Any:
    try:
        return schema().load(arguments)
    except ma.ValidationError as error:
        raise Invalid(field_errors(error.messages)) from error


def _with_idempotency(tools: Tools, context: Context, digest: str) -> Tools:
    key = context.idempotency_key
    if key is None:
        return tools
    return replace(tools, idempotency=lambda resource: Idempotency(context.principal, key, digest, resource))


def _decide(tools: Tools, handler: Handler, command: Any, context: Context) -> Written:
    """A decision overtaken by another is taken again on the new state, until the deadline; where
    the caller had named the version it was to be taken on, loading refuses."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            return handler(tools, command, context)
        except VersionConflict as conflict:
            if clock.now() >= context.deadline:
                raise Contended from conflict
        time.sleep(random.uniform(0, pause))
        pause = min(LONGEST_PAUSE, pause * 2)


def _again(done: Done, digest: str) -> Written:
    if done.request_hash != digest:
        raise IdempotencyKeyReused
    return Written(done.resource, done.version, done.position, repeated=True)

"""How one command is carried out, on a real store."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.commands import (
    CommandSchema,
    CommandSpec,
    Tools,
    Written,
    execute,
    request_hash,
)
from services.kernel.context import Context
from services.kernel.database import Database
from services.kernel.errors import (
    Contended,
    DeadlineExpired,
    Forgotten,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    StaleVersion,
    VersionRequired,
)
from services.kernel.events import PersonKey, Registry, event
from services.kernel.ids import new_id
from services.kernel.keyring import Destroyed
from services.kernel.schemas import Id, Text
from services.kernel.store.aggregates import Aggregate
from services.kernel.store.claims import Append, StreamEvents, VersionConflict
from services.kernel.store.store import EventStore
from tests.system import call_context


@event("Named", personal=lambda named: {PersonKey("p", "relation"): ("secret",)})
@dataclass(frozen=True, slots=True)
class Named:
    name: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Make:
    name: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Rename:
    id: str
    name: str


class MakeSchema(CommandSchema):
    command = Make

    name = Text(10, required=True)


class RenameSchema(CommandSchema):
    command = Rename

    id = Id(required=True)
    name = Text(10, required=True)


@dataclass(frozen=True)
class Thing:
    name: str


THING: Aggregate[Thing] = Aggregate("thing", Thing, lambda _thing, named: Thing(named.name))


def make(tools: Tools, command: Make, context: Context) -> Written:
    return tools.append(context, tools.begin(THING, command.id), [Named(command.name)])


def rename(tools: Tools, command: Rename, context: Context) -> Written:
    loaded = tools.load(THING, command.id, context)
    events = [Named(command.name)] if command.name != loaded.state.name else []
    return tools.append(context, loaded, events)


MAKE = CommandSpec(MakeSchema, make, "get_thing", changes=False)
RENAME = CommandSpec(RenameSchema, rename, "get_thing")


class Seal:
    """Seals nothing; the key of everybody is gone where `destroyed`."""

    destroyed = False

    def seal(self, *_: Any) -> str:
        if self.destroyed:
            raise Destroyed
        return "sealed"

    def unseal(self, *_: Any) -> dict[str, Any]:
        return {"secret": "open"}


@pytest.fixture
def seal():
    return Seal()


@pytest.fixture
def store(any_database, seal):
    opened = EventStore(Database(any_database), "things", Registry([Named]), {}, seal)
    yield opened
    opened.database.close()


@pytest.fixture
def tools(store):
    nothing: Any = None

    @contextmanager
    def read():
        yield nothing

    return Tools(store, read, lambda scope, key: key, lambda _source: None, nothing, nothing, nothing, nothing)


def made(tools: Tools, name: str = "a", **of_context: Any) -> Written:
    return execute(tools, MAKE, "make", {"name": name}, call_context(**of_context))


def renamed(tools: Tools, id: str, name: str, context: Context) -> Written:
    return execute(tools, RENAME, "rename", {"id": id, "name": name}, context)


def test_a_command_tells_what_it_left_behind(tools, store):
    first = made(tools)
    assert (first.version, first.position) == (1, 1)
    second = renamed(tools, first.id, "b", call_context(version=1))
    assert (second.id, second.version, second.position) == (first.id, 2, 2)
    assert [one.event.name for one in store.read_stream(f"thing:{first.id}")] == ["a", "b"]


def test_a_decision_for_nothing_writes_nothing_and_is_still_remembered(tools, store):
    first = made(tools)
    context = call_context("key", 1)
    nothing = renamed(tools, first.id, "a", context)
    assert (nothing.version, store.head().position) == (1, 1)
    assert renamed(tools, first.id, "a", context) == nothing
    with pytest.raises(IdempotencyKeyReused):
        renamed(tools, first.id, "b", context)


def test_the_same_key_is_one_command_and_other_arguments_are_refused(tools):
    context = call_context("key")
    first = execute(tools, MAKE, "make", {"name": "a"}, context)
    assert execute(tools, MAKE, "make", {"name": "a"}, context) == first
    with pytest.raises(IdempotencyKeyReused):
        execute(tools, MAKE, "make", {"name": "b"}, context)
    assert made(tools, "b", key="key", principal="key-2").id != first.id


def test_a_repetition_that_overtook_its_first_is_recognised_by_the_store(tools, store):
    context = call_context("key")
    first = execute(tools, MAKE, "make", {"name": "a"}, context)
    blind = replace(tools, store=_Blind(store))
    assert execute(blind, MAKE, "make", {"name": "a"}, context) == first
    with pytest.raises(IdempotencyKeyReused):
        execute(blind, MAKE, "make", {"name": "b"}, context)


class _Blind:
    """A store that has not seen the first yet when it is asked."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def done(self, *_: Any) -> None:
        return None


def test_without_a_key_every_call_is_a_command_of_its_own(tools):
    context = replace(call_context(), idempotency_key=None)
    assert len({execute(tools, MAKE, "make", {"name": "a"}, context).id for _ in range(2)}) == 2


def test_what_does_not_fit_the_schema_is_refused_before_anything_else(tools, store):
    with pytest.raises(Invalid) as refused:
        execute(tools, RENAME, "rename", {"name": 5, "extra": 1}, call_context())
    assert {error.field for error in refused.value.errors} == {"id", "name", "extra"}
    assert store.head().position == 0


def test_a_change_needs_the_version_it_rests_on(tools):
    first = made(tools)
    with pytest.raises(VersionRequired):
        renamed(tools, first.id, "b", call_context())
    with pytest.raises(StaleVersion) as stale:
        renamed(tools, first.id, "b", call_context(version=2))
    assert stale.value.params == {"expected": 2, "actual": 1}
    with pytest.raises(NotFound):
        renamed(tools, "nobody", "b", call_context(version=1))


def test_a_command_that_is_too_late_is_not_begun(tools, store):
    with pytest.raises(DeadlineExpired):
        made(tools, seconds=-0.001)
    assert store.head().position == 0


def overtaken(times: int) -> Any:
    """A handler that others are faster than, so many times."""
    left = [times]

    def handler(tools: Tools, command: Rename, context: Context) -> Written:
        loaded = tools.load(THING, command.id, context)
        if left[0]:
            left[0] -= 1
            ahead = [StreamEvents(loaded.stream, loaded.version, [Named(f"o{left[0]}")])]
            tools.store.append(Append(context, ahead))
        return tools.append(context, loaded, [Named(command.name)])

    return CommandSpec(RenameSchema, handler, "get_thing", changes=False)


def test_a_decision_that_was_overtaken_is_taken_again_on_the_new_state(tools, store):
    first = made(tools)
    written = execute(tools, overtaken(7), "rename", {"id": first.id, "name": "b"}, call_context())
    assert written.version == 9
    assert [one.event.name for one in store.read_stream(f"thing:{first.id}")][-1] == "b"


def test_who_named_a_version_is_not_helped_over_it(tools, store):
    first = made(tools)
    with pytest.raises(StaleVersion):
        execute(tools, overtaken(1), "rename", {"id": first.id, "name": "b"}, call_context(version=1))
    assert "b" not in [one.event.name for one in store.read_stream(f"thing:{first.id}")]


def test_who_is_always_overtaken_is_told_so_at_the_deadline():
    begun = clock.now()
    context = replace(call_context(), deadline=begun + timedelta(seconds=0.3), idempotency_key=None)

    def never(*_: Any) -> Written:
        raise VersionConflict("thing:a", 1, 2)

    spec = CommandSpec(MakeSchema, never, "get_thing", changes=False)
    with pytest.raises(Contended):
        nothing: Any = None
        execute(nothing, spec, "make", {"name": "a"}, context)
    assert timedelta(seconds=0.3) <= clock.now() - begun < timedelta(seconds=2)


def test_nothing_is_written_about_who_was_forgotten(tools, seal):
    seal.destroyed = True

    def tell(tools: Tools, command: Make, context: Context) -> Written:
        return tools.append(context, tools.begin(THING, command.id), [Named("a", secret="b")])

    with pytest.raises(Forgotten):
        execute(tools, CommandSpec(MakeSchema, tell, "get_thing", changes=False), "make", {"name": "a"}, call_context())


def test_an_unknown_id_is_looked_for_at_its_source_once(tools):
    caught_up: list[str] = []
    known: list[str] = []

    def catch_up(source: str) -> None:
        caught_up.append(source)
        known.append("late")

    tools = replace(tools, catch_up=catch_up)
    tools.require("clients", lambda _read: "late" in known, NotFound(what="client", id="late"))
    assert caught_up == ["clients"]
    tools.require("clients", lambda _read: "late" in known, NotFound(what="client", id="late"))
    assert caught_up == ["clients"]
    with pytest.raises(NotFound):
        tools.require("clients", lambda _read: False, NotFound(what="client", id="never"))
    assert caught_up == ["clients", "clients"]


def test_the_hash_of_a_request_knows_its_command_and_not_the_order_of_its_fields():
    same = [
        request_hash("make", {"a": 1, "b": {"c": 2, "d": 3}}),
        request_hash("make", {"b": {"d": 3, "c": 2}, "a": 1}),
    ]
    assert same[0] == same[1]
    others = {
        request_hash("made", {"a": 1}),
        request_hash("make", {"a": 1}),
        request_hash("make", {"a": "1"}),
        request_hash("make", {"a": [1]}),
        request_hash("make", {}),
    }
    assert len(others) == 5

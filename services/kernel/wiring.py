"""A service's table of contents: everything it can do, in one object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import marshmallow as ma

from services.kernel.commands import CommandSpec
from services.kernel.history import ChangeView, dated, history_schema
from services.kernel.lists import Resource, ResourceListSchema
from services.kernel.projections import Projection
from services.kernel.reactions import Effect, Reaction, Timer
from services.kernel.rights import Rights
from services.kernel.store.store import Publish

if TYPE_CHECKING:
    from services.kernel.runtime import Runtime


class Worker(Protocol):
    """Something that is at work beside the calls, for as long as the service runs."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Ends the work, also where it was never begun."""


@dataclass(frozen=True, slots=True)
class QuerySpec:
    """One query: its arguments, checked by a schema, the rows' way to a view as far as the
    caller's rights go, and the view's schema. `many`: the answer is a page of such views.
    `resource` is what the query is of, where it is one that lists know. `of_log`: the query
    reads the log of received messages, and gets that instead of a connection to the read
    models; `of_tools`: it looks at more than one of these, and gets the service's tools;
    `of_history`: it gets the past of the service's resources. `dated`: it answers `as_of` too."""

    schema: type[ma.Schema]
    run: Callable[[Any, Mapping[str, Any], Rights], Any]
    view: type[ma.Schema]
    many: bool = False
    resource: Resource | None = None
    of_log: bool = False
    of_tools: bool = False
    of_history: bool = False
    dated: bool = False


def one(schema: type[ma.Schema], resource: Resource, view: type[ma.Schema]) -> QuerySpec:
    """The query of one resource by its id, as it is or as of a time."""
    return QuerySpec(dated(schema), resource.get, view, resource=resource, dated=True)


def history(schema: type[ma.Schema], resource: Resource) -> QuerySpec:
    """The query of what changed in one resource."""

    def run(past: Any, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
        page: dict[str, Any] = past.changes(resource, arguments, rights)
        return page

    return QuerySpec(history_schema(schema), run, ChangeView, many=True, of_history=True)


def many(schema: type[ResourceListSchema], resource: Resource, view: type[ma.Schema]) -> QuerySpec:
    """The query of a page of a resource."""
    return QuerySpec(schema, resource.page, view, many=True, resource=resource)


@dataclass(frozen=True, slots=True)
class Service:
    """What one service consists of.

    `published` says which events become public messages and how, `contract` gives the
    schema of each public message's data. `hears` names the sources whose messages are
    received. `workers` make what is at work beside the calls, from the service's runtime.
    """

    name: str
    events: tuple[type, ...]
    published: Mapping[type, Publish] = field(default_factory=dict)
    contract: Mapping[type, type[ma.Schema]] = field(default_factory=dict)
    commands: Mapping[str, CommandSpec] = field(default_factory=dict)
    queries: Mapping[str, QuerySpec] = field(default_factory=dict)
    projections: tuple[Projection, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[Timer, ...] = ()
    workers: tuple[Callable[["Runtime"], Worker], ...] = ()
    hears: tuple[str, ...] = ()

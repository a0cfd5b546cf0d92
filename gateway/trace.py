"""What an event followed from and what followed from it, across all services."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import eventlet
import marshmallow as ma
from marshmallow import fields as f

from gateway.directory import own_context
from gateway.routes import SERVICES
from services.kernel.commands import Tools
from services.kernel.errors import Forbidden, NotFound
from services.kernel.history.causes import MOST, related
from services.kernel.message import SOURCE_PREFIX
from services.kernel.rights import Rights
from services.kernel.schemas import Id
from services.kernel.wiring import QuerySpec

ROUNDS = 12
SECONDS = 5

Event = Mapping[str, Any]


class GetTraceSchema(ma.Schema):
    event_id = Id(required=True)


class TracedEventView(ma.Schema):
    id = f.String(required=True)
    parent_id = f.String(required=True, allow_none=True, metadata={"description": "The event it hangs on here"})
    depth = f.Integer(required=True)
    source = f.String(required=True)
    type = f.String(required=True)
    public = f.Boolean(required=True, metadata={"description": "Whether the feed has it too"})
    subject = f.String(required=True)
    version = f.Integer(required=True)
    position = f.Integer(required=True)
    actor = f.String(required=True)
    correlation_id = f.String(required=True)
    causation_id = f.String(required=True, metadata={"description": "The event or request directly behind it"})
    occurred_at = f.AwareDateTime(required=True)
    recorded_at = f.AwareDateTime(required=True)


class TraceView(ma.Schema):
    """The tree, each event before those it caused, and these in order of time."""

    id = f.String(required=True)
    version = f.Integer(required=True, metadata={"description": "How many events there are by now"})
    complete = f.Boolean(
        required=True, metadata={"description": f"False where there are more than {MOST}, or {ROUNDS} steps"}
    )
    items = f.List(f.Nested(TracedEventView), required=True)


def get_trace(tools: Tools, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """The whole tree that an event is part of; whoever may read the feed may read it."""
    if rights.users is not None:
        raise Forbidden(permission="events.read")
    event_id = arguments["event_id"]
    found, complete = _gather(lambda causes: _ask_all(tools, causes), event_id)
    if event_id not in found:
        raise NotFound(what="event", id=event_id)
    items = list(_tree(found))
    return {"id": event_id, "version": len(items), "complete": complete, "items": items}


def _gather(ask: Callable[[set[str]], Iterator[Event]], event_id: str) -> tuple[dict[str, Event], bool]:
    """Goes from causes to effects and back, a step in every round, until nothing new is found."""
    found: dict[str, Event] = {}
    asked: set[str] = set()
    wanted = {event_id}
    for _ in range(ROUNDS):
        asked |= wanted
        found.update({event["id"]: event for event in ask(wanted)})
        wanted = {id for event in found.values() for id in _joined(event)} - asked
        if not wanted or len(found) >= MOST:
            break
    first = sorted(found.values(), key=lambda event: (event["id"] != event_id, *_when(event)))[:MOST]
    return {event["id"]: event for event in first}, not wanted and len(found) < MOST


def _joined(event: Event) -> Iterator[str]:
    """The ids that lead on; a timer is behind too much to tell anything."""
    yield event["id"]
    if ":" not in event["causation_id"]:
        yield event["causation_id"]


def _ask_all(tools: Tools, causes: set[str]) -> Iterator[Event]:
    def ask(service: str) -> list[dict[str, Any]]:
        answer = tools.call(service, "trace", {"causes": sorted(causes)}, own_context(SECONDS))
        return list(answer["result"])

    yield from related(tools.store.database, tools.store.name, causes)
    for events in eventlet.GreenPool(len(SERVICES)).imap(ask, SERVICES):
        yield from events


def _tree(found: Mapping[str, Event]) -> Iterator[dict[str, Any]]:
    children: dict[str | None, list[Event]] = {}
    parents = _parents(found)
    for event in sorted(found.values(), key=_when):
        children.setdefault(parents[event["id"]], []).append(event)
    left = [(event, 0) for event in reversed(children.get(None, []))]
    while left:
        event, depth = left.pop()
        told = {name: value for name, value in event.items() if name != "stream"}
        source = SOURCE_PREFIX + event["source"]
        yield {**told, "source": source, "parent_id": parents[event["id"]], "depth": depth}
        left += [(child, depth + 1) for child in reversed(children.get(event["id"], []))]


def _parents(found: Mapping[str, Event]) -> dict[str, str | None]:
    """What an event hangs on: that which caused it, or the one before it of the same subject that
    was written with it, as a deal is won because it came to its last stage."""
    parents: dict[str, str | None] = {}
    latest: dict[tuple[str, ...], str] = {}
    for event in sorted(found.values(), key=lambda event: event["position"]):
        cause = event["causation_id"]
        line = (event["source"], event["stream"], cause, event["recorded_at"])
        parents[event["id"]] = latest.get(line) or (cause if cause in found else None)
        latest[line] = event["id"]
    return parents


def _when(event: Event) -> tuple[str, str, int]:
    return event["recorded_at"], event["source"], event["position"]


GET_TRACE = QuerySpec(GetTraceSchema, get_trace, TraceView, of_tools=True)

"""A resource as it was, and what changed in it, as far as the caller sees it today."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.clock import from_micros, to_iso, to_micros
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.history.callers import principals
from services.kernel.history.replay import Replay, Step
from services.kernel.history.schemas import NEWEST_FIRST
from services.kernel.lists import Resource, encode_cursor
from services.kernel.lists.masks import masked
from services.kernel.projections import Projection
from services.kernel.projections.rows import Row
from services.kernel.rights import EVERYTHING, Rights
from services.kernel.store.store import EventStore

SINCE = 20
# of a change it is told by the event itself
_UNTOLD = ("version",)


class NotYetThere(Refusal):
    status = 404
    ru = "Тогда ещё не было: {what} {id} существует с {since}"
    en = "Not there yet: {what} {id} exists since {since}"


class History:
    """Answers about the past of the resources of one service. Who may see a resource today
    sees its past, with the masks of today."""

    def __init__(
        self,
        store: EventStore,
        projections: Sequence[Projection],
        read: Callable[[], AbstractContextManager[sa.Connection]],
    ) -> None:
        self._store = store
        self._replay = Replay(store, projections)
        self._read = read

    def as_of(self, resource: Resource, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
        """The view of one as it was at a time, with the first of what happened since."""
        moment: datetime = arguments["as_of"]
        if moment > clock.now():
            ru, en = "Это время ещё не наступило", "This time has not come yet"
            raise Invalid([FieldError("as_of", "in-the-future", ru, en)])
        steps = self._steps(resource, arguments, rights)
        until = to_micros(moment)
        past = list(takewhile(lambda step: step.recorded.recorded <= until, steps))
        row = past[-1].after if past else None
        if row is None:
            since = to_iso(from_micros(steps[0].recorded.recorded))
            raise NotYetThere(what=resource.what, id=arguments[resource.argument], since=since)
        return {**resource.view(row, rights), "since": self._page(resource, steps[len(past) :], rights, SINCE)}

    def changes(self, resource: Resource, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
        """A page of what changed."""
        steps = self._steps(resource, arguments, rights)
        newest_first, beyond = arguments["sort"] == NEWEST_FIRST, arguments["beyond"]
        if newest_first:
            steps.reverse()
        if beyond is not None:
            steps = [step for step in steps if (step.recorded.version < beyond) == newest_first]
            steps = [step for step in steps if step.recorded.version != beyond]
        return self._page(resource, steps, rights, arguments["limit"])

    def _steps(self, resource: Resource, arguments: Mapping[str, Any], rights: Rights) -> list[Step]:
        with self._read() as connection:
            resource.get(connection, arguments, rights)
        return list(self._replay.steps(resource, arguments[resource.argument]))

    def _page(self, resource: Resource, steps: Sequence[Step], rights: Rights, limit: int) -> dict[str, Any]:
        page = steps[:limit]
        keys = principals(self._store.database, [step.recorded.position for step in page])
        items = [_change(resource, step, rights, keys.get(step.recorded.position)) for step in page]
        return {"items": items, "next": encode_cursor(str(items[-1]["version"])) if len(steps) > limit else None}


def _change(resource: Resource, step: Step, rights: Rights, key: str | None) -> dict[str, Any]:
    recorded = step.recorded
    return {
        "id": recorded.id,
        "version": recorded.version,
        "type": recorded.type,
        "recorded_at": to_iso(recorded.recorded_at),
        "occurred_at": to_iso(recorded.occurred_at),
        "actor": recorded.actor,
        "key": key,
        "correlation_id": recorded.correlation_id,
        "causation_id": recorded.causation_id,
        "changes": list(_differences(resource, step, rights)),
    }


def _differences(resource: Resource, step: Step, rights: Rights) -> Iterable[dict[str, Any]]:
    """The fields that differ; a masked one is told even where the parts that are seen do not."""
    old, new = _whole(resource, step.before), _whole(resource, step.after)
    for field in resource.fields:
        name, hidden = field.name, field.masked in rights.masked
        if name not in _UNTOLD and old.get(name) != new.get(name):
            shown = [masked(value, field.masked) if hidden else value for value in (old.get(name), new.get(name))]
            yield {"field": name, "old": shown[0], "new": shown[1]}


def _whole(resource: Resource, row: Row | None) -> dict[str, Any]:
    return resource.view(row, EVERYTHING) if row is not None else {}

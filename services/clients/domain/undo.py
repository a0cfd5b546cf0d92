"""Undoing what one operation did to one client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.clients.commands.card import CARD
from services.clients.domain.client import Client, OfMerging, card_of, revived
from services.clients.events.clients import (
    ClientAssigned,
    ClientChanged,
    ClientCreated,
    ClientRestored,
    ClientWithdrawn,
)
from services.kernel.events import Recorded

MANAGER, WITHDRAWN = "manager_id", "withdrawn"


@dataclass(frozen=True, slots=True)
class Undo:
    """`back` is what gets its old value again. `conflicts` are fields that somebody has changed
    since, by the event that did it last; where there are any, nothing is undone."""

    back: Mapping[str, Any]
    conflicts: Mapping[str, Recorded]


def undo(client: Client, done: Sequence[Recorded], later: Sequence[Recorded]) -> Undo:
    """`done` are the operation's own events, `later` all that followed them in the stream."""
    touched: dict[str, tuple[Any, Any]] = {}
    for recorded in done:
        for name, (before, after) in _changed(recorded.event).items():
            touched[name] = (touched[name][0] if name in touched else before, after)
    now = {**client.card, MANAGER: client.manager_id, WITHDRAWN: client.withdrawn}
    conflicts = {}
    for recorded in later:
        if WITHDRAWN in touched and isinstance(recorded.event, OfMerging) and _merged(client):
            conflicts[WITHDRAWN] = recorded
        for name in _changed(recorded.event).keys() & touched.keys():
            if now[name] not in touched[name]:
                conflicts[name] = recorded
    back = {name: before for name, (before, _) in touched.items() if now[name] != before}
    return Undo(back, conflicts)


def _merged(client: Client) -> bool:
    return client.merged_into is not None or bool(client.absorbed)


def _changed(event: Any) -> dict[str, tuple[Any, Any]]:
    """The fields of an event, each before and after. Whoever is created was as good as withdrawn; what
    he began with does not change by that, and whoever changes it later makes it his own."""
    if isinstance(event, ClientCreated):
        began = {**card_of(event), MANAGER: event.manager_id}
        return {name: (value, value) for name, value in began.items()} | {WITHDRAWN: (True, False)}
    if isinstance(event, ClientWithdrawn | ClientRestored):
        withdrawn = isinstance(event, ClientWithdrawn)
        return {WITHDRAWN: (not withdrawn, withdrawn)}
    if isinstance(event, ClientAssigned):
        return {MANAGER: (event.manager_before, event.manager_after)}
    if not isinstance(event, ClientChanged):
        return {}
    before = revived({**event.before, **(event.personal_before or {})})
    after = revived({**event.after, **(event.personal_after or {})})
    return {name: (before.get(name), after.get(name)) for name in event.fields if name in CARD}

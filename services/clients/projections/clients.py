"""Clients: events to rows."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.domain.client import CARD
from services.clients.domain.search import searched
from services.clients.events.clients import ClientAssigned, ClientChanged, ClientCreated
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

SEARCHED = ("name", "full_name", "inn", "contact_person", "address", "note")


def on_client_created(rows: Rows, recorded: Recorded) -> None:
    event: ClientCreated = recorded.event
    card = _columns({name: getattr(event, name) for name in CARD})
    rows.put(
        t.clients,
        {
            "id": event.client_id,
            "version": recorded.version,
            "code": f"{recorded.position:09}",
            "kind": event.kind,
            **card,
            "searched": _searched(card),
            "verified": event.verified,
            "manager_id": event.manager_id,
            "created_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )


def on_client_changed(rows: Rows, recorded: Recorded) -> None:
    event: ClientChanged = recorded.event
    changed = _columns({**event.after, **(event.personal_after or {})})
    card = {**(rows.get(t.clients, recorded.subject) or {}), **changed}
    _change(rows, recorded, **changed, searched=_searched(card))


def on_client_assigned(rows: Rows, recorded: Recorded) -> None:
    event: ClientAssigned = recorded.event
    _change(rows, recorded, manager_id=event.manager_after)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.clients, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


def _columns(card: dict[str, Any]) -> dict[str, Any]:
    """A card's fields as columns: lists as JSON text."""
    return {name: _text(value) if name in ("phones", "emails") else value for name, value in card.items()}


def _searched(card: Mapping[str, Any]) -> str:
    """Without phones and e-mails, which not everybody may search in."""
    return searched(card[name] or "" for name in SEARCHED)


def _text(points: Any) -> str:
    return _json(points or ())


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


CLIENTS = Projection(
    name="clients",
    tables=(t.clients,),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
        }
    },
)

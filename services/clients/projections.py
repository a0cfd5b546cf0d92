"""Events to rows."""

from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.domain.client import CARD
from services.clients.events import ClientAssigned, ClientChanged, ClientCreated
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_client_created(rows: Rows, recorded: Recorded) -> None:
    event: ClientCreated = recorded.event
    rows.put(
        t.clients,
        {
            "id": event.client_id,
            "version": recorded.version,
            "code": f"{recorded.position:09}",
            "kind": event.kind,
            **_columns({name: getattr(event, name) for name in CARD}),
            "verified": event.verified,
            "manager_id": event.manager_id,
            "created_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )


def on_client_changed(rows: Rows, recorded: Recorded) -> None:
    event: ClientChanged = recorded.event
    changed = {**event.after, **(event.personal_after or {})}
    _change(rows, recorded, **_columns(changed))


def on_client_assigned(rows: Rows, recorded: Recorded) -> None:
    event: ClientAssigned = recorded.event
    _change(rows, recorded, manager_id=event.manager_after)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.clients, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


def _columns(card: dict[str, Any]) -> dict[str, Any]:
    """A card's fields as columns: lists as JSON text."""
    return {name: _text(value) if name in ("phones", "emails") else value for name, value in card.items()}


def _text(points: Any) -> str:
    return msgspec.json.encode(points or ()).decode()


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

"""Clients: events to rows."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.commands.card import BY_NAME, CardField
from services.clients.domain.client import card_of
from services.clients.domain.client_field import comparable
from services.clients.domain.search import searched
from services.clients.events.clients import ClientAssigned, ClientChanged, ClientCreated, personal_fields
from services.clients.events.erasures import PersonalDataErased
from services.clients.events.merges import ClientMergedInto, ClientsMerged, ClientsUnmerged
from services.clients.projections.json import as_json
from services.clients.projections.keys import keys_of, put_keys
from services.kernel.events import Recorded
from services.kernel.lists import put_aliases, take_apart
from services.kernel.projections import Projection, Rows

SEARCHED = ("name", "full_name", "inn", "contact_person", "address", "actual_address", "city", "note")
SINGLE = ("text", "number", "money", "date", "choice")


def on_client_created(rows: Rows, recorded: Recorded) -> None:
    event: ClientCreated = recorded.event
    whole = card_of(event)
    card = _columns(whole)
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
            "vip": False,
            "manager_id": event.manager_id,
            "merged_into": None,
            "merged_ids": "[]",
            "withdrawn": False,
            "created_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )
    _put_values(rows, event.client_id, {}, whole["custom"])
    put_keys(rows, event.client_id, set(), keys_of(card))


def on_client_changed(rows: Rows, recorded: Recorded) -> None:
    event: ClientChanged = recorded.event
    after = {**event.after, **(event.personal_after or {})}
    changed = _columns(after)
    if "verified" in after:
        changed["verified"] = after["verified"]
    held = rows.get(t.clients, recorded.subject) or {}
    if "custom" in event.fields:
        _put_values(rows, recorded.subject, msgspec.json.decode(held["custom"]), after.get("custom") or {})
    card = {**held, **changed}
    _change(rows, recorded, **changed, searched=_searched(card))
    put_keys(rows, recorded.subject, keys_of(held), keys_of(card))


def on_client_checked(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, checked_at=recorded.recorded, checked_by=recorded.actor)


def on_client_assigned(rows: Rows, recorded: Recorded) -> None:
    event: ClientAssigned = recorded.event
    _change(rows, recorded, manager_id=event.manager_after)


def on_client_vip_changed(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, vip=recorded.event.vip)


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    event: PersonalDataErased = recorded.event
    held = rows.get(t.clients, event.person)
    if event.what != "client" or held is None:
        return
    left = _columns({name: _left_of(BY_NAME[name]) for name in personal_fields(held["kind"])})
    _put_values(rows, event.person, msgspec.json.decode(held["custom"]), {})
    rows.change(t.clients, event.person, **left, searched=_searched({**held, **left}))
    put_keys(rows, event.person, keys_of(held), keys_of({**held, **left}))


def on_clients_merged(rows: Rows, recorded: Recorded) -> None:
    event: ClientsMerged = recorded.event
    held = rows.get(t.clients, recorded.subject) or {}
    known = msgspec.json.decode(held["merged_ids"])
    _change(rows, recorded, merged_ids=as_json([*known, *event.moved]))
    put_aliases(rows, t.client_aliases, event.moved, event.client_id)


def on_clients_unmerged(rows: Rows, recorded: Recorded) -> None:
    event: ClientsUnmerged = recorded.event
    held = rows.get(t.clients, recorded.subject) or {}
    known = msgspec.json.decode(held["merged_ids"])
    _change(rows, recorded, merged_ids=as_json([id_ for id_ in known if id_ not in event.moved]))
    take_apart(rows, t.client_aliases, event.moved, event.merged_id)


def on_client_merged_into(rows: Rows, recorded: Recorded) -> None:
    event: ClientMergedInto = recorded.event
    held = rows.get(t.clients, recorded.subject) or {}
    put_keys(rows, recorded.subject, keys_of(held), set())
    _change(rows, recorded, merged_into=event.kept_id)


def on_client_withdrawn(rows: Rows, recorded: Recorded) -> None:
    put_keys(rows, recorded.subject, keys_of(rows.get(t.clients, recorded.subject) or {}), set())
    _change(rows, recorded, withdrawn=True)


def on_client_restored(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, withdrawn=False)
    put_keys(rows, recorded.subject, set(), keys_of(rows.get(t.clients, recorded.subject) or {}))


def on_client_separated(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, merged_into=None)
    put_keys(rows, recorded.subject, set(), keys_of(rows.get(t.clients, recorded.subject) or {}))


def _left_of(field: CardField) -> Any:
    """What a card has in a field once its person is forgotten."""
    return None if field.named else field.empty


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.clients, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


def _columns(card: Mapping[str, Any]) -> dict[str, Any]:
    """A card's fields as columns: what is no single value as JSON text."""
    return {name: _column(BY_NAME[name], value) for name, value in card.items() if name in BY_NAME}


def _column(field: CardField, value: Any) -> Any:
    if field.kind in SINGLE:
        return value
    return as_json(field.empty if value is None else value)


def _put_values(rows: Rows, client_id: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """The values of the company's own fields, each where it can be compared."""
    for code in before.keys() - after.keys():
        rows.delete(t.client_values, (client_id, code))
    for code, value in after.items():
        text, whole = comparable(value)
        rows.put(t.client_values, {"client_id": client_id, "field": code, "text": text, "whole": whole})


def _searched(card: Mapping[str, Any]) -> str:
    """Without phones and e-mails, which not everybody may search in."""
    return searched(card[name] or "" for name in SEARCHED)


CLIENTS = Projection(
    name="clients",
    tables=(t.clients, t.client_values, t.client_keys, t.client_aliases),
    on={
        "clients": {
            "ClientCreated": on_client_created,
            "ClientChanged": on_client_changed,
            "ClientAssigned": on_client_assigned,
            "ClientChecked": on_client_checked,
            "ClientVipChanged": on_client_vip_changed,
            "ClientWithdrawn": on_client_withdrawn,
            "ClientRestored": on_client_restored,
            "ClientsMerged": on_clients_merged,
            "ClientsUnmerged": on_clients_unmerged,
            "ClientMergedInto": on_client_merged_into,
            "ClientSeparated": on_client_separated,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

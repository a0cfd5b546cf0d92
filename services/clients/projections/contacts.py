"""Contact persons: events to rows."""

from collections.abc import Mapping
from typing import Any

import msgspec

from services.clients import tables as t
from services.clients.domain.contact import FIELDS
from services.clients.domain.search import searched
from services.clients.events.contacts import ContactChanged, ContactCreated, ContactLinked, ContactUnlinked
from services.clients.events.erasures import PersonalDataErased
from services.clients.projections.json import as_json
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

LISTS = ("phones", "emails", "links", "interests")


def on_contact_created(rows: Rows, recorded: Recorded) -> None:
    event: ContactCreated = recorded.event
    fields = {**FIELDS, **(event.fields or {})}
    rows.put(
        t.contacts,
        {
            "id": event.contact_id,
            "version": recorded.version,
            "code": f"{recorded.position:09}",
            **_columns(fields),
            "searched": _searched(fields, []),
            "responsible_id": event.responsible_id,
            "clients": "[]",
            "created_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )


def on_contact_changed(rows: Rows, recorded: Recorded) -> None:
    event: ContactChanged = recorded.event
    changed = _columns(event.personal_after or {})
    held = {**_held(rows, recorded.subject), **changed}
    links = msgspec.json.decode(held["clients"])
    _change(rows, recorded, **changed, responsible_id=event.responsible_after, searched=_searched(held, links))


def on_contact_linked(rows: Rows, recorded: Recorded) -> None:
    event: ContactLinked = recorded.event
    link = {
        "client_id": event.client_id,
        "role": event.role,
        "position": event.position,
        "decision_maker": event.decision_maker,
        "since": event.since.isoformat(),
        "until": None,
    }
    _set_link(rows, recorded, link)


def on_contact_unlinked(rows: Rows, recorded: Recorded) -> None:
    event: ContactUnlinked = recorded.event
    links = msgspec.json.decode(_held(rows, recorded.subject)["clients"])
    [held] = [link for link in links if link["client_id"] == event.client_id and link["until"] is None]
    _set_link(rows, recorded, {**held, "until": event.until.isoformat()})


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    event: PersonalDataErased = recorded.event
    held = rows.get(t.contacts, event.person)
    if event.what != "contact" or held is None:
        return
    links = [{**link, "position": None} for link in msgspec.json.decode(held["clients"])]
    blank = _columns(FIELDS)
    rows.change(t.contacts, event.person, **blank, clients=as_json(links), searched="")


def _set_link(rows: Rows, recorded: Recorded, link: Mapping[str, Any]) -> None:
    """The link takes the place of an open one to the same client."""
    held = _held(rows, recorded.subject)
    links = [
        one
        for one in msgspec.json.decode(held["clients"])
        if one["client_id"] != link["client_id"] or one["until"] is not None
    ]
    links.append(dict(link))
    current = any(one["client_id"] == link["client_id"] and one["until"] is None for one in links)
    row = {"contact_id": recorded.subject, "client_id": link["client_id"], "current": current}
    rows.put(t.contact_links, row)
    _change(rows, recorded, clients=as_json(links), searched=_searched(held, links))


def _held(rows: Rows, contact_id: str) -> Mapping[str, Any]:
    return rows.get(t.contacts, contact_id) or {}


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.contacts, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_json(value or []) if name in LISTS else value for name, value in fields.items()}


def _searched(fields: Mapping[str, Any], links: list[Any]) -> str:
    """Without phones and e-mails, which not everybody may search in."""
    positions = [link["position"] or "" for link in links]
    return searched([fields["name"] or "", fields["note"] or "", *positions])


CONTACTS = Projection(
    name="contacts",
    tables=(t.contacts, t.contact_links),
    on={
        "clients": {
            "ContactCreated": on_contact_created,
            "ContactChanged": on_contact_changed,
            "ContactLinked": on_contact_linked,
            "ContactUnlinked": on_contact_unlinked,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

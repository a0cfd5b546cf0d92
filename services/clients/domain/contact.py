"""A contact person: what is known of him, and which clients he stands for, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.clients.commands.clients import GivenPhone
from services.clients.commands.contacts import ChangeContact, CreateContact, LinkContact, UnlinkContact
from services.clients.domain.contact_points import read_email, read_phone
from services.clients.events.contacts import ContactChanged, ContactCreated, ContactLinked, ContactUnlinked
from services.kernel.errors import FieldError, Invalid, Refusal

Event = ContactCreated | ContactChanged | ContactLinked | ContactUnlinked
FIELDS: Mapping[str, Any] = {
    "name": "",
    "phones": [],
    "emails": [],
    "links": [],
    "birthday": None,
    "preferred_channel": None,
    "interests": [],
    "note": "",
}
MOST_LINKS = 200


class NotLinked(Refusal):
    status = 422
    ru = "Контактное лицо не представляет клиента {client_id}"
    en = "The contact person does not stand for client {client_id}"


class TooManyLinks(Refusal):
    status = 422
    ru = "У контактного лица не больше {most} связей с клиентами"
    en = "A contact person has no more than {most} links to clients"


@dataclass(frozen=True, slots=True)
class Link:
    client_id: str
    since: date
    role: str | None = None
    position: str | None = None
    decision_maker: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """`links` are in the order they began; of one client at most one is open."""

    id: str
    fields: Mapping[str, Any]
    responsible_id: str | None
    links: tuple[Link, ...] = ()

    def link_to(self, client_id: str) -> Link | None:
        return next((link for link in self.links if link.client_id == client_id and link.until is None), None)


def create_contact(command: CreateContact, today: date) -> list[Event]:
    fields = {**FIELDS, **_normalised(command.fields)}
    created = ContactCreated(command.contact_id, command.responsible_id, fields)
    if command.link is None:
        return [created]
    return [created, *link_contact(evolve(None, created), command.link, today)]


def change_contact(contact: Contact, command: ChangeContact) -> list[Event]:
    wanted = _normalised(command.changes)
    responsible = wanted.pop("responsible_id", contact.responsible_id)
    after = {name: value for name, value in wanted.items() if contact.fields[name] != value}
    changed = [*sorted(after), *(["responsible_id"] if responsible != contact.responsible_id else [])]
    if not changed:
        return []
    before = {name: contact.fields[name] for name in after}
    return [
        ContactChanged(contact.id, tuple(changed), contact.responsible_id, responsible, before or None, after or None)
    ]


def link_contact(contact: Contact, command: LinkContact, today: date) -> list[Event]:
    held = contact.link_to(command.client_id)
    if held is None and len(contact.links) >= MOST_LINKS:
        raise TooManyLinks(most=MOST_LINKS)
    link = replace(held or Link(command.client_id, today), **command.given)
    if link == held:
        return []
    return [
        ContactLinked(contact.id, link.client_id, link.role, link.decision_maker, link.since, position=link.position)
    ]


def unlink_contact(contact: Contact, command: UnlinkContact, today: date) -> list[Event]:
    held = contact.link_to(command.client_id)
    if held is None:
        raise NotLinked.on("client_id", client_id=command.client_id)
    until = command.until or today
    if until < held.since:
        ru, en = "Связь не кончается раньше, чем началась", "A link does not end before it began"
        raise Invalid([FieldError("until", "before-since", ru, en)])
    return [ContactUnlinked(contact.id, held.client_id, held.since, until)]


def evolve(contact: Contact | None, event: Event) -> Contact:
    if isinstance(event, ContactCreated):
        return Contact(event.contact_id, {**FIELDS, **(event.fields or {})}, event.responsible_id)
    assert contact is not None
    match event:
        case ContactChanged():
            fields = {**contact.fields, **(event.personal_after or {})}
            return replace(contact, fields=fields, responsible_id=event.responsible_after)
        case ContactLinked():
            link = Link(event.client_id, event.since, event.role, event.position, event.decision_maker)
            return replace(contact, links=(*_without_open(contact, event.client_id), link))
        case ContactUnlinked():
            held = contact.link_to(event.client_id)
            assert held is not None
            ended = replace(held, until=event.until)
            return replace(contact, links=(*_without_open(contact, event.client_id), ended))


def _without_open(contact: Contact, client_id: str) -> tuple[Link, ...]:
    return tuple(link for link in contact.links if link.client_id != client_id or link.until is not None)


def _normalised(given: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    if "phones" in fields:
        fields["phones"] = [_phone(phone) for phone in fields["phones"]]
    if "emails" in fields:
        read = [read_email(email) for email in fields["emails"]]
        fields["emails"] = [{"address": email.address, "valid": email.valid} for email in read]
    return fields


def _phone(given: str | GivenPhone) -> dict[str, Any]:
    phone = read_phone(given)
    return {"written": phone.written, "number": phone.number, "kind": phone.kind}

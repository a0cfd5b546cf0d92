"""Contact persons: commands in, views out, and the contract of public events."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.contacts import ChangeContact, CreateContact, LinkContact, UnlinkContact
from services.clients.schemas.clients import EmailSchema, LinkSchema, PhoneSchema, PhoneText
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Day, EventSchema, Flag, Id, Text
from services.kernel.validation import NothingToChange

FIRST_BIRTHDAY = date(1890, 1, 1)
CHANNELS = ("phone", "sms", "email", "telegram", "whatsapp", "viber", "max", "vk", "letter", "meeting")


class ContactFieldsSchema(ma.Schema):
    name = Text(300, required=True, min_length=1)
    phones = ma.fields.List(PhoneText(), validate=validate.Length(max=20))
    emails = ma.fields.List(Text(254, min_length=1), validate=validate.Length(max=20))
    links = ma.fields.List(ma.fields.Nested(LinkSchema), validate=validate.Length(max=20))
    birthday = Day(FIRST_BIRTHDAY, allow_none=True)
    preferred_channel = ma.fields.String(validate=validate.OneOf(CHANNELS), allow_none=True)
    interests = ma.fields.List(Text(200, min_length=1), validate=validate.Length(max=50))
    note = Text(10_000, lines=True)
    responsible_id = Id(allow_none=True)


class GivenLinkSchema(ma.Schema):
    role = Text(40, min_length=1, allow_none=True, metadata={"description": "A code of contact_roles"})
    position = Text(200, allow_none=True)
    decision_maker = Flag()
    since = Day()


class NewLinkSchema(GivenLinkSchema):
    client_id = Id(required=True)


class CreateContactSchema(CommandSchema, ContactFieldsSchema):
    command = CreateContact

    link = ma.fields.Nested(NewLinkSchema, metadata={"description": "The client he stands for"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateContact:
        link, responsible = data.pop("link", None), data.pop("responsible_id", None)
        command = CreateContact(_plain(data), responsible)
        if link is None:
            return command
        given = LinkContact(command.contact_id, link.pop("client_id"), link)
        return CreateContact(command.fields, responsible, given, command.contact_id)


class ChangeContactSchema(CommandSchema, ContactFieldsSchema):
    command = ChangeContact

    contact_id = Id(required=True)
    name = Text(300, min_length=1)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeContact:
        contact_id = data.pop("contact_id")
        if not data:
            raise NothingToChange
        return ChangeContact(contact_id, _plain(data))


class LinkContactSchema(CommandSchema, NewLinkSchema):
    command = LinkContact

    contact_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> LinkContact:
        return LinkContact(data.pop("contact_id"), data.pop("client_id"), data)


class UnlinkContactSchema(CommandSchema):
    command = UnlinkContact

    contact_id = Id(required=True)
    client_id = Id(required=True)
    until = Day()


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """As events hold it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


class ContactLinkView(ma.Schema):
    client_id = ma.fields.String(required=True)
    role = ma.fields.String(required=True, allow_none=True)
    position = ma.fields.String(required=True, allow_none=True)
    decision_maker = ma.fields.Boolean(required=True)
    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True, allow_none=True)


class ContactView(ma.Schema):
    """What is personal is null, or an empty list, once it is erased."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True, metadata={"description": "Nine digits, given by the system"})
    name = ma.fields.String(required=True, allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), required=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), required=True)
    links = ma.fields.List(ma.fields.Nested(LinkSchema), required=True)
    birthday = ma.fields.Date(required=True, allow_none=True)
    preferred_channel = ma.fields.String(required=True, allow_none=True)
    interests = ma.fields.List(ma.fields.String(), required=True)
    note = ma.fields.String(required=True, allow_none=True)
    responsible_id = ma.fields.String(required=True, allow_none=True)
    clients = ma.fields.List(
        ma.fields.Nested(ContactLinkView), required=True, metadata={"description": "Whom he stands or stood for"}
    )
    created_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class GetContactSchema(ma.Schema):
    contact_id = Id(required=True)


class ListContactsSchema(ResourceListSchema):
    q = Text(200, metadata={"description": "Any part of name, phone, e-mail, position or note"})
    client_id = Id(metadata={"description": "Whoever stands, or stood, for this client"})
    current = ma.fields.Boolean(metadata={"description": "With client_id: only who stands for it now, or only who did"})
    responsible_id = Id()


class ContactCreatedSchema(EventSchema):
    contact_id = ma.fields.String(required=True)
    responsible_id = ma.fields.String(required=True, allow_none=True)
    fields_ = ma.fields.Dict(allow_none=True, data_key="fields")


class ContactChangedSchema(EventSchema):
    contact_id = ma.fields.String(required=True)
    changed = ma.fields.List(ma.fields.String(), required=True)
    responsible_before = ma.fields.String(required=True, allow_none=True)
    responsible_after = ma.fields.String(required=True, allow_none=True)
    personal_before = ma.fields.Dict(allow_none=True)
    personal_after = ma.fields.Dict(allow_none=True)


class ContactLinkedSchema(EventSchema):
    contact_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    role = ma.fields.String(required=True, allow_none=True)
    decision_maker = ma.fields.Boolean(required=True)
    since = ma.fields.Date(required=True)
    position = ma.fields.String(allow_none=True)


class ContactUnlinkedSchema(EventSchema):
    contact_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    since = ma.fields.Date(required=True)
    until = ma.fields.Date(required=True)

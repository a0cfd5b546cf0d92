"""Clients: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.clients import AssignClient, ChangeClient, ClientFields, CreateClient
from services.clients.domain.client import CARD
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id, Text
from services.kernel.validation import NothingToChange

KINDS = ("legal_entity", "sole_trader", "individual")


class ClientCardSchema(ma.Schema):
    name = Text(300, required=True, min_length=1)
    full_name = Text(1000)
    inn = Text(12)
    kpp = Text(9)
    ogrn = Text(15)
    phones = ma.fields.List(Text(60, min_length=1), validate=validate.Length(max=20))
    emails = ma.fields.List(Text(254, min_length=1), validate=validate.Length(max=20))
    contact_person = Text(300)
    address = Text(500)
    city = Text(100)
    source = Text(100)
    note = Text(10_000, lines=True)


class CreateClientSchema(CommandSchema, ClientCardSchema):
    command = CreateClient

    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    manager_id = Id(allow_none=True)
    allow_duplicate = Flag()
    accept_unverified = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateClient:
        card = {name: _tupled(data.pop(name)) for name in CARD if name in data}
        return CreateClient(fields=ClientFields(**card), **data)


class ChangeClientSchema(CommandSchema, ClientCardSchema):
    command = ChangeClient

    client_id = Id(required=True)
    name = Text(300, min_length=1)
    allow_duplicate = Flag()
    accept_unverified = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeClient:
        changes = {name: _tupled(data.pop(name)) for name in CARD if name in data}
        if not changes:
            raise NothingToChange
        return ChangeClient(changes=changes, **data)


class AssignClientSchema(CommandSchema):
    command = AssignClient

    client_id = Id(required=True)
    manager_id = Id(required=True, allow_none=True)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class PhoneSchema(ma.Schema):
    written = ma.fields.String(required=True)
    number = ma.fields.String(required=True, allow_none=True, metadata={"description": "E.164, where valid"})


class EmailSchema(ma.Schema):
    address = ma.fields.String(required=True)
    valid = ma.fields.Boolean(required=True)


class ClientView(ma.Schema):
    """What is personal is null once it is erased."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True, metadata={"description": "Nine digits, given by the system"})
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    name = ma.fields.String(required=True, allow_none=True)
    full_name = ma.fields.String(required=True, allow_none=True)
    inn = ma.fields.String(required=True, allow_none=True)
    kpp = ma.fields.String(required=True)
    ogrn = ma.fields.String(required=True, allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), required=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), required=True)
    contact_person = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True)
    city = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    note = ma.fields.String(required=True, allow_none=True)
    verified = ma.fields.Boolean(required=True)
    manager_id = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class ClientCreatedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    verified = ma.fields.Boolean(required=True)
    kpp = ma.fields.String(required=True)
    city = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    manager_id = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(allow_none=True)
    full_name = ma.fields.String(allow_none=True)
    inn = ma.fields.String(allow_none=True)
    ogrn = ma.fields.String(allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), allow_none=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), allow_none=True)
    contact_person = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    note = ma.fields.String(allow_none=True)


class ClientChangedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields")
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
    personal_before = ma.fields.Dict(allow_none=True)
    personal_after = ma.fields.Dict(allow_none=True)


class ClientAssignedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    manager_before = ma.fields.String(required=True, allow_none=True)
    manager_after = ma.fields.String(required=True, allow_none=True)


class ListClientsSchema(ResourceListSchema):
    q = Text(200, metadata={"description": "Any part of name, INN, phone, e-mail, contact person or address"})
    manager_id = Id()
    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    inn = Text(12)


class GetClientSchema(ma.Schema):
    client_id = Id(required=True)

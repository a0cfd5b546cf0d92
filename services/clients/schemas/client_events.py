"""The contract of the public events of clients."""

import marshmallow as ma
from marshmallow import validate

from services.clients.schemas.clients import KINDS, EmailSchema, PhoneSchema
from services.kernel.schemas import EventSchema


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
    details = ma.fields.Dict(required=True, metadata={"description": "Further fields of the card, where filled"})
    personal_details = ma.fields.Dict(allow_none=True)


class ClientChangedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields")
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
    personal_before = ma.fields.Dict(allow_none=True)
    personal_after = ma.fields.Dict(allow_none=True)
    before_of = ma.fields.String(allow_none=True, metadata={"description": "Whose values they were, if another's"})
    after_of = ma.fields.String(allow_none=True, metadata={"description": "Whose values they are, if another's"})


class ClientAssignedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    manager_before = ma.fields.String(required=True, allow_none=True)
    manager_after = ma.fields.String(required=True, allow_none=True)


class ClientCheckedSchema(EventSchema):
    client_id = ma.fields.String(required=True)


class ClientWithdrawnSchema(EventSchema):
    client_id = ma.fields.String(required=True)


class ClientRestoredSchema(EventSchema):
    client_id = ma.fields.String(required=True)

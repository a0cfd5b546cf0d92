"""Forgetting people: commands in, the certificate out, and the contract of public events."""

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.erasures import EraseClient, EraseContact, EraseLead
from services.clients.domain.erasure import WHATS
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Id, Text

STATES = ("requested", "erased")


class EraseClientSchema(CommandSchema):
    command = EraseClient

    client_id = Id(required=True)
    reason = Text(500, required=True, min_length=1, metadata={"description": "Kept for good: name nobody in it"})


class EraseContactSchema(CommandSchema):
    command = EraseContact

    contact_id = Id(required=True)
    reason = Text(500, required=True, min_length=1, metadata={"description": "Kept for good: name nobody in it"})


class EraseLeadSchema(CommandSchema):
    command = EraseLead

    lead_id = Id(required=True)
    reason = Text(500, required=True, min_length=1, metadata={"description": "Kept for good: name nobody in it"})


class ErasureView(ma.Schema):
    """The certificate that somebody was forgotten: who asked for it, why, and when it was done."""

    id = ma.fields.String(required=True, metadata={"description": "That of the client, contact person or lead"})
    version = ma.fields.Integer(required=True)
    what = ma.fields.String(required=True, validate=validate.OneOf(WHATS))
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    reason = ma.fields.String(required=True)
    requested_by = ma.fields.String(required=True)
    requested_at = ma.fields.AwareDateTime(required=True)
    erased_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class GetErasureSchema(ma.Schema):
    erasure_id = Id(required=True)


class ListErasuresSchema(ResourceListSchema):
    what = ma.fields.String(validate=validate.OneOf(WHATS))
    state = ma.fields.String(validate=validate.OneOf(STATES))


class ErasureRequestedSchema(EventSchema):
    erasure_id = ma.fields.String(required=True)
    what = ma.fields.String(required=True, validate=validate.OneOf(WHATS))
    person = ma.fields.String(required=True)
    whole = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True)


class PersonalDataErasedSchema(EventSchema):
    erasure_id = ma.fields.String(required=True)
    what = ma.fields.String(required=True, validate=validate.OneOf(WHATS))
    person = ma.fields.String(required=True)
    whole = ma.fields.Boolean(required=True)

"""Consents: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.consents import GiveConsent, RevokeConsent
from services.kernel.clock import to_iso
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Id, Moment, Text

WHATS = ("client", "contact")
CHANNELS = ("email", "sms", "phone", "messenger", "post")
STATES = ("given", "revoked")


class GiveConsentSchema(CommandSchema):
    command = GiveConsent

    what = ma.fields.String(required=True, validate=validate.OneOf(WHATS))
    person = Id(required=True, metadata={"description": "Id of the client or contact person"})
    purpose = Text(40, required=True, min_length=1, metadata={"description": "A code of consent_purposes"})
    channel = ma.fields.String(required=True, validate=validate.OneOf(CHANNELS))
    text_version = Text(100, required=True, min_length=1, metadata={"description": "Which text was agreed to"})
    source = Text(200, required=True, min_length=1, metadata={"description": "Where: a form, a paper, a call"})
    given_at = Moment(required=True)
    proof = Text(1000, lines=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> GiveConsent:
        return GiveConsent(**{**data, "given_at": to_iso(data["given_at"])})


class RevokeConsentSchema(CommandSchema):
    command = RevokeConsent

    consent_id = Text(200, required=True, min_length=1)
    source = Text(200, required=True, min_length=1)


class ConsentView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    what = ma.fields.String(required=True, validate=validate.OneOf(WHATS))
    person = ma.fields.String(required=True, metadata={"description": "Id of the client or contact person"})
    purpose = ma.fields.String(required=True)
    channel = ma.fields.String(required=True, validate=validate.OneOf(CHANNELS))
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    text_version = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revoked_by_way_of = ma.fields.String(required=True, allow_none=True)
    proof = ma.fields.String(required=True, allow_none=True)


class GetConsentSchema(ma.Schema):
    consent_id = Text(200, required=True, min_length=1)


class ListConsentsSchema(ResourceListSchema):
    person = Id(metadata={"description": "Id of a client or contact person"})
    purpose = Text(40)
    channel = ma.fields.String(validate=validate.OneOf(CHANNELS))
    state = ma.fields.String(validate=validate.OneOf(STATES))


class ConsentEventSchema(EventSchema):
    consent_id = ma.fields.String(required=True)
    what = ma.fields.String(required=True)
    person = ma.fields.String(required=True)
    purpose = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    source = ma.fields.String(required=True)


class ConsentGivenSchema(ConsentEventSchema):
    text_version = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True)
    proof = ma.fields.String(allow_none=True)


class ConsentRevokedSchema(ConsentEventSchema):
    pass

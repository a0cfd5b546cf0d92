"""The edge: views out, and the contract of public events."""

import marshmallow as ma
from marshmallow import fields as f

from services.kernel.lists import ListSchema
from services.kernel.schemas import EventSchema, Id, Text


class GetMessageSchema(ma.Schema):
    message_id = Id(required=True)


class ListMessagesSchema(ListSchema):
    client_id = Id()
    document_id = Id()
    state = Text(20)


class MessageView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    state = f.String(required=True)
    reason = f.String(required=True, allow_none=True)
    address = f.String(required=True, allow_none=True)
    cause = f.String(required=True, metadata={"description": "The id of the event behind it"})
    planned_at = f.AwareDateTime(required=True)
    ended_at = f.AwareDateTime(required=True, allow_none=True)


class AttachmentView(ma.Schema):
    service = f.String(required=True)
    hash = f.String(required=True)
    name = f.String(required=True)
    media_type = f.String(required=True)
    size = f.Integer(required=True)


class MessagePlannedSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    facts = f.Dict(required=True)
    attachments = f.List(f.Nested(AttachmentView), required=True)
    address = f.String(allow_none=True)
    recipient = f.String(allow_none=True)


class MessageSentSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    attempt = f.Integer(required=True)


class MessageFailedSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    reason = f.String(required=True)

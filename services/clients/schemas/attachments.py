"""Files and web links that are attached: commands in, views out, and the contract of public events."""

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.attachments import OWNER_KINDS, AttachFile, AttachLink, RemoveAttachment
from services.clients.schemas.links import WebLink
from services.clients.schemas.operations import Base64
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Id, Text

LONGEST_BASE64 = 15 * 2**20
KINDS = ("file", "link")
STATES = ("attached", "removed", "erased")


class AttachFileSchema(CommandSchema):
    command = AttachFile

    what = ma.fields.String(required=True, validate=validate.OneOf(OWNER_KINDS))
    owner_id = Id(required=True)
    content = Base64(LONGEST_BASE64, required=True)
    file_name = Text(1000, required=True, lines=True)


class AttachLinkSchema(CommandSchema):
    command = AttachLink

    what = ma.fields.String(required=True, validate=validate.OneOf(OWNER_KINDS))
    owner_id = Id(required=True)
    url = WebLink(required=True, min_length=1)
    title = Text(200)


class RemoveAttachmentSchema(CommandSchema):
    command = RemoveAttachment

    attachment_id = Id(required=True)


class ClientsAttachmentView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    what = ma.fields.String(required=True, validate=validate.OneOf(OWNER_KINDS))
    owner_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    file_name = ma.fields.String(required=True, allow_none=True)
    media_type = ma.fields.String(required=True, allow_none=True)
    size = ma.fields.Integer(required=True, allow_none=True)
    file_hash = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True, allow_none=True)
    attached_by = ma.fields.String(required=True)
    attached_at = ma.fields.AwareDateTime(required=True)
    removed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class GetAttachmentSchema(ma.Schema):
    attachment_id = Id(required=True)


class KeptFileView(ma.Schema):
    file_name = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    file_hash = ma.fields.String(required=True)


class ListAttachmentsSchema(ResourceListSchema):
    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    what = ma.fields.String(validate=validate.OneOf(OWNER_KINDS))
    owner_id = Id()
    client_id = Id()
    media_type = Text(100)
    attached_by = Id()
    state = ma.fields.String(validate=validate.OneOf(STATES))


class AttachmentEventSchema(EventSchema):
    attachment_id = ma.fields.String(required=True)
    what = ma.fields.String(required=True)
    owner_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True, allow_none=True)
    person = ma.fields.String(required=True, allow_none=True)


class FileAttachedSchema(AttachmentEventSchema):
    file_hash = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    media_type = ma.fields.String(required=True)
    file_name = ma.fields.String(allow_none=True)


class LinkAttachedSchema(AttachmentEventSchema):
    url = ma.fields.String(allow_none=True)
    title = ma.fields.String(allow_none=True)


class AttachmentRemovedSchema(AttachmentEventSchema):
    file_hash = ma.fields.String(required=True, allow_none=True)

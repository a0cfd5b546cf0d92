"""Files and web links that are attached: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import attachments as handlers
from services.clients.queries.attachments import ATTACHMENTS, get_attached_file
from services.clients.schemas import attachments as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "attach_file": CommandSpec(schemas.AttachFileSchema, handlers.attach_file, answer="get_attachment", changes=False),
    "attach_link": CommandSpec(schemas.AttachLinkSchema, handlers.attach_link, answer="get_attachment", changes=False),
    "remove_attachment": CommandSpec(
        schemas.RemoveAttachmentSchema, handlers.remove_attachment, answer="get_attachment"
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_attachment": one(schemas.GetAttachmentSchema, ATTACHMENTS, schemas.ClientsAttachmentView),
    "get_attached_file": QuerySpec(schemas.GetAttachmentSchema, get_attached_file, schemas.KeptFileView),
    "list_attachment_history": history(schemas.GetAttachmentSchema, ATTACHMENTS),
    "list_attachments": many(schemas.ListAttachmentsSchema, ATTACHMENTS, schemas.ClientsAttachmentView),
}

"""A file or a web link on a client, a contact person, an interaction or a task: attached once, removed once."""

import hashlib
from dataclasses import dataclass, replace

from services.clients.commands.attachments import AttachFile, AttachLink, OwnerKind
from services.clients.domain.file_kind import media_type_of, name_of_file
from services.clients.events.attachments import AttachmentRemoved, FileAttached, LinkAttached
from services.kernel.errors import FieldError, Invalid, Refusal

MIB = 1024 * 1024
# it travels as text in one message, of which RabbitMQ takes 16 MiB
LARGEST = 11 * MIB
MOST_OF_ONE_PERSON = 500 * MIB

Event = FileAttached | LinkAttached | AttachmentRemoved


class AttachmentTooLarge(Refusal):
    status = 413
    ru = "Файл больше {limit} МиБ"
    en = "The file is larger than {limit} MiB"


class TooMuchAttached(Refusal):
    status = 413
    ru = "К этому клиенту приложено {used} МиБ; можно не больше {limit} МиБ"
    en = "{used} MiB are attached to this client; there may be no more than {limit} MiB"


class AttachmentRemovedAlready(Refusal):
    ru = "Уже удалено"
    en = "The attachment is removed already"


@dataclass(frozen=True, slots=True)
class Owner:
    """What it hangs on, and whom it tells of: nobody, where a task is of no client."""

    what: OwnerKind
    id: str
    client_id: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    """`content` is what makes two of them the same: the hash of a file, the address of a link; None once erased."""

    id: str
    what: str
    owner_id: str
    client_id: str | None
    person: str | None
    content: str | None
    file_hash: str | None
    removed: bool = False


def attach_file(command: AttachFile, owner: Owner, used: int) -> list[FileAttached]:
    """`used` is how many bytes are attached to whatever goes with the same person."""
    size = len(command.content)
    if not size:
        raise Invalid([FieldError("file", "empty", "Файл пуст", "The file is empty")])
    if size > LARGEST:
        raise AttachmentTooLarge.on("file", limit=LARGEST // MIB)
    name = name_of_file(command.file_name)
    media_type = media_type_of(name, command.content)
    if used + size > MOST_OF_ONE_PERSON:
        raise TooMuchAttached.on("file", used=used // MIB, limit=MOST_OF_ONE_PERSON // MIB)
    return [
        FileAttached(
            command.attachment_id,
            owner.what,
            owner.id,
            owner.client_id,
            owner.person,
            hashlib.sha256(command.content).hexdigest(),
            size,
            media_type,
            name,
        )
    ]


def attach_link(command: AttachLink, owner: Owner) -> list[LinkAttached]:
    return [
        LinkAttached(
            command.attachment_id, owner.what, owner.id, owner.client_id, owner.person, command.url, command.title
        )
    ]


def remove_attachment(attachment: Attachment) -> list[AttachmentRemoved]:
    if attachment.removed:
        raise AttachmentRemovedAlready
    return [
        AttachmentRemoved(
            attachment.id,
            attachment.what,
            attachment.owner_id,
            attachment.client_id,
            attachment.person,
            attachment.file_hash,
        )
    ]


def evolve(attachment: Attachment | None, event: Event) -> Attachment:
    if isinstance(event, AttachmentRemoved):
        assert attachment is not None
        return replace(attachment, removed=True)
    file_hash = event.file_hash if isinstance(event, FileAttached) else None
    content = event.url if isinstance(event, LinkAttached) else file_hash
    return Attachment(
        event.attachment_id, event.what, event.owner_id, event.client_id, event.person, content, file_hash
    )

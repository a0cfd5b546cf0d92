"""Files and web links that are attached: load, decide, append; keep the bytes before, destroy them after."""

from services.clients.commands.attachments import AttachFile, AttachLink, RemoveAttachment
from services.clients.domain import attachment as attachments
from services.clients.domain.attachment import Owner
from services.clients.handlers.aggregates import ATTACHMENT, INTERACTION, TASK
from services.clients.handlers.clients import not_forgotten, seen_client
from services.clients.handlers.contacts import seen_contact
from services.clients.queries.attachments import attachments_of_person, bytes_of_person
from services.clients.queries.interactions import INTERACTIONS
from services.clients.queries.tasks import TASKS
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Forgotten, Refusal
from services.kernel.events import PersonKey
from services.kernel.lists import Resource
from services.kernel.reactions import Arguments, Outcome
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Conflict, Key, KeyTaken

SCOPE = "attachment"


class AttachedAlready(Refusal):
    ru = "Уже приложено: {attachment_id}"
    en = "This is attached already: {attachment_id}"


class AttachmentsNotSeenYet(Exception):
    """The list of attachments has not come as far as the request; it is looked at again."""


def key_of_content(attachment_id: str) -> PersonKey:
    return PersonKey(attachment_id, "relation")


def attach_file(tools: Tools, command: AttachFile, context: Context) -> Written:
    """The bytes are kept first; where nothing comes of it they are destroyed again."""
    owner = _owner(tools, command, context)
    with tools.read() as connection:
        used = bytes_of_person(connection, owner.person)
    [added] = attachments.attach_file(command, owner, used)
    also = [not_forgotten(tools, owner.person)] if owner.person else []
    claim = [_once(tools, owner.id, added.file_hash)]
    begun = tools.begin(ATTACHMENT, command.attachment_id)
    tools.blobs.put(command.content, added.media_type, key_of_content(added.attachment_id))
    try:
        return tools.append(context, begun, [added], also=also, claim=claim)
    except (Conflict, Forgotten) as overtaken:
        # of these it is certain that nothing was written
        tools.blobs.remove(added.file_hash, key_of_content(added.attachment_id))
        if isinstance(overtaken, KeyTaken):
            raise _attached_already("file", overtaken) from overtaken
        raise


def attach_link(tools: Tools, command: AttachLink, context: Context) -> Written:
    owner = _owner(tools, command, context)
    [attached] = attachments.attach_link(command, owner)
    also = [not_forgotten(tools, owner.person)] if owner.person else []
    begun = tools.begin(ATTACHMENT, command.attachment_id)
    try:
        return tools.append(context, begun, [attached], also=also, claim=[_once(tools, owner.id, command.url)])
    except KeyTaken as taken:
        raise _attached_already("url", taken) from taken


def _attached_already(field: str, taken: KeyTaken) -> Refusal:
    return AttachedAlready.on(field, attachment_id=taken.stream.partition(":")[2])


def remove_attachment(tools: Tools, command: RemoveAttachment, context: Context) -> Written:
    loaded = tools.load(ATTACHMENT, command.attachment_id, context)
    events = attachments.remove_attachment(loaded.state)
    held = loaded.state.content
    release = [_once(tools, loaded.state.owner_id, held)] if held else []
    return tools.append(context, loaded, events, release=release)


def run_destroy_attachment(arguments: Arguments, tools: Tools, _context: Context) -> Outcome:
    _destroy(tools, arguments["attachment_id"], arguments["file_hash"])
    return Outcome()


def destroy_attachments_of(tools: Tools, person: str) -> None:
    """Once somebody has asked to forget him nothing is attached any more, so who has seen that knows all."""
    with tools.read() as connection:
        his = attachments_of_person(connection, person)
    if his is None:
        raise AttachmentsNotSeenYet(person)
    for attachment_id, file_hash in his:
        _destroy(tools, attachment_id, file_hash)


def _destroy(tools: Tools, attachment_id: str, file_hash: str) -> None:
    key = key_of_content(attachment_id)
    tools.forget(key)
    tools.blobs.remove(file_hash, key)


def _once(tools: Tools, owner_id: str, content: str) -> Key:
    return Key(SCOPE, tools.claim_key(SCOPE, f"{owner_id} {content}"))


def _owner(tools: Tools, command: AttachFile | AttachLink, context: Context) -> Owner:
    """What it is to hang on, where the caller may see it, and whom it tells of."""
    id_ = command.owner_id
    if command.what == "client":
        client = seen_client(tools, "owner_id", id_, context)
        return Owner("client", client.id, client.id, client.id)
    if command.what == "contact":
        seen_contact(tools, "owner_id", id_, context)
        return Owner("contact", id_, None, id_)
    if command.what == "interaction":
        _require_seen(tools, INTERACTIONS, "interaction_id", id_, context)
        with_whom = load(tools.store, INTERACTION, id_).state.client_id
        return Owner("interaction", id_, with_whom, with_whom)
    _require_seen(tools, TASKS, "task_id", id_, context)
    of_whom = load(tools.store, TASK, id_).state.client_id
    return Owner("task", id_, of_whom, of_whom)


def _require_seen(tools: Tools, resource: Resource, argument: str, id_: str, context: Context) -> None:
    if context.rights.users is not None:
        with tools.read() as connection:
            resource.get(connection, {argument: id_}, context.rights)

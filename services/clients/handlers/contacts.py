"""Contact persons: load, decide, append."""

from dataclasses import replace

from services.clients.commands.contacts import ChangeContact, CreateContact, LinkContact, UnlinkContact
from services.clients.domain import contact as contacts
from services.clients.handlers.aggregates import CONTACT
from services.clients.handlers.clients import OthersManager, existing_client, require_user
from services.clients.handlers.dictionaries import require_codes
from services.clients.queries.contacts import CONTACTS
from services.kernel.clock import company_today
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal


class UnknownContact(Refusal):
    status = 422
    ru = "Контактного лица {contact_id} нет"
    en = "There is no contact person {contact_id}"


def create_contact(tools: Tools, command: CreateContact, context: Context) -> Written:
    """Who sees only some clients makes contact persons for one of these, or for himself."""
    if command.link is not None:
        _check_link(tools, command.link, context)
    elif not context.rights.reach(command.responsible_id):
        if command.responsible_id is not None:
            raise OthersManager.on("responsible_id", user_id=command.responsible_id)
        command = replace(command, responsible_id=context.actor)
    require_user(tools, "responsible_id", command.responsible_id)
    events = contacts.create_contact(command, company_today())
    return tools.append(context, tools.begin(CONTACT, command.contact_id), events)


def change_contact(tools: Tools, command: ChangeContact, context: Context) -> Written:
    loaded = tools.load(CONTACT, command.contact_id, context)
    require_user(tools, "responsible_id", command.changes.get("responsible_id"))
    return tools.append(context, loaded, contacts.change_contact(loaded.state, command))


def link_contact(tools: Tools, command: LinkContact, context: Context) -> Written:
    loaded = tools.load(CONTACT, command.contact_id, context)
    _check_link(tools, command, context)
    return tools.append(context, loaded, contacts.link_contact(loaded.state, command, company_today()))


def unlink_contact(tools: Tools, command: UnlinkContact, context: Context) -> Written:
    loaded = tools.load(CONTACT, command.contact_id, context)
    events = contacts.unlink_contact(loaded.state, command, company_today())
    existing_client(tools, command.client_id, context)
    return tools.append(context, loaded, events)


def seen_contact(tools: Tools, field: str, contact_id: str, context: Context) -> None:
    """Raises where there is no such contact person among those that the caller may see."""
    refusal = UnknownContact.on(field, contact_id=contact_id)
    if not tools.exists(CONTACT, contact_id):
        raise refusal
    if context.rights.users is None:
        return
    with tools.read() as connection:
        try:
            CONTACTS.get(connection, {"contact_id": contact_id}, context.rights)
        except NotFound as unseen:
            raise refusal from unseen


def _check_link(tools: Tools, command: LinkContact, context: Context) -> None:
    existing_client(tools, command.client_id, context)
    if command.given.get("role"):
        require_codes(tools, "role", "contact_roles", command.given["role"])

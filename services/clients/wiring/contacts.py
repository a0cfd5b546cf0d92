"""Contact persons: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import contacts as handlers
from services.clients.queries.contacts import CONTACTS, list_contacts
from services.clients.schemas import contacts as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, one

COMMANDS: Mapping[str, CommandSpec] = {
    "create_contact": CommandSpec(
        schemas.CreateContactSchema, handlers.create_contact, answer="get_contact", changes=False
    ),
    "change_contact": CommandSpec(schemas.ChangeContactSchema, handlers.change_contact, answer="get_contact"),
    "link_contact": CommandSpec(schemas.LinkContactSchema, handlers.link_contact, answer="get_contact"),
    "unlink_contact": CommandSpec(schemas.UnlinkContactSchema, handlers.unlink_contact, answer="get_contact"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_contact": one(schemas.GetContactSchema, CONTACTS, schemas.ContactView),
    "list_contact_history": history(schemas.GetContactSchema, CONTACTS),
    "list_contacts": QuerySpec(
        schemas.ListContactsSchema, list_contacts, schemas.ContactView, many=True, resource=CONTACTS
    ),
}

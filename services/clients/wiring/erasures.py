"""Forgetting people: what can be asked about it."""

from collections.abc import Mapping

from services.clients.handlers import erasures as handlers
from services.clients.queries.erasures import ERASURES
from services.clients.schemas import erasures as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "erase_client": CommandSpec(schemas.EraseClientSchema, handlers.erase_client, answer="get_erasure", changes=False),
    "erase_contact": CommandSpec(
        schemas.EraseContactSchema, handlers.erase_contact, answer="get_erasure", changes=False
    ),
    "erase_lead": CommandSpec(schemas.EraseLeadSchema, handlers.erase_lead, answer="get_erasure", changes=False),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_erasure": one(schemas.GetErasureSchema, ERASURES, schemas.ErasureView),
    "list_erasure_history": history(schemas.GetErasureSchema, ERASURES),
    "list_erasures": many(schemas.ListErasuresSchema, ERASURES, schemas.ErasureView),
}

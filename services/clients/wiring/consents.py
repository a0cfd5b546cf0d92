"""Consents: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import consents as handlers
from services.clients.queries.consents import CONSENTS
from services.clients.schemas import consents as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "give_consent": CommandSpec(schemas.GiveConsentSchema, handlers.give_consent, answer="get_consent", changes=False),
    "revoke_consent": CommandSpec(schemas.RevokeConsentSchema, handlers.revoke_consent, answer="get_consent"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_consent": one(schemas.GetConsentSchema, CONSENTS, schemas.ConsentView),
    "list_consent_history": history(schemas.GetConsentSchema, CONSENTS),
    "list_consents": many(schemas.ListConsentsSchema, CONSENTS, schemas.ConsentView),
}

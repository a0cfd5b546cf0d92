"""Consents: load, decide, append."""

from services.clients.commands.consents import GiveConsent, RevokeConsent
from services.clients.domain import consent as consents
from services.clients.handlers.aggregates import CONSENT, CONTACT
from services.clients.handlers.clients import existing_client
from services.clients.handlers.dictionaries import require_codes
from services.clients.handlers.interactions import UnknownContact
from services.kernel.clock import from_iso, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.store.aggregates import load


def give_consent(tools: Tools, command: GiveConsent, context: Context) -> Written:
    """Given anew it is the same consent, on another text perhaps."""
    if command.what == "client":
        existing_client(tools, command.person, context)
    elif not tools.exists(CONTACT, command.person):
        raise UnknownContact.on("contact_id", contact_id=command.person)
    require_codes(tools, "purpose", "consent_purposes", command.purpose)
    id_ = consents.consent_id(command)
    held = load(tools.store, CONSENT, id_) if tools.exists(CONSENT, id_) else tools.begin(CONSENT, id_)
    given = consents.give_consent(command, to_iso(context.now))
    return tools.append(context, held, given, occurred_at=from_iso(command.given_at))


def revoke_consent(tools: Tools, command: RevokeConsent, context: Context) -> Written:
    loaded = tools.load(CONSENT, command.consent_id, context)
    return tools.append(context, loaded, consents.revoke_consent(loaded.state, command))

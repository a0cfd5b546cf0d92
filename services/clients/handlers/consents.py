"""Consents: load, decide, append."""

from services.clients.commands.consents import GiveConsent, RevokeConsent
from services.clients.domain import consent as consents
from services.clients.events.consents import ConsentRevoked
from services.clients.handlers.aggregates import CONSENT
from services.clients.handlers.clients import existing_client, not_forgotten
from services.clients.handlers.contacts import seen_contact
from services.clients.handlers.dictionaries import require_codes
from services.kernel.clock import from_iso, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.store.aggregates import load


def give_consent(tools: Tools, command: GiveConsent, context: Context) -> Written:
    """Given anew it is the same consent, on another text perhaps."""
    if command.what == "client":
        existing_client(tools, command.person, context)
    else:
        seen_contact(tools, "contact_id", command.person, context)
    require_codes(tools, "purpose", "consent_purposes", command.purpose)
    id_ = consents.consent_id(command)
    held = load(tools.store, CONSENT, id_) if tools.exists(CONSENT, id_) else tools.begin(CONSENT, id_)
    given = consents.give_consent(command, to_iso(context.now), _last_revoked(tools, held.stream))
    unforgotten = not_forgotten(tools, command.person)
    return tools.append(context, held, given, also=[unforgotten], occurred_at=from_iso(command.given_at))


def _last_revoked(tools: Tools, stream: str) -> str:
    """When it was revoked last; empty where it never was."""
    revoked = (one.recorded_at for one in tools.store.read_stream(stream) if isinstance(one.event, ConsentRevoked))
    return max(map(to_iso, revoked), default="")


def revoke_consent(tools: Tools, command: RevokeConsent, context: Context) -> Written:
    loaded = tools.load(CONSENT, command.consent_id, context)
    return tools.append(context, loaded, consents.revoke_consent(loaded.state, command))

"""A consent of one person to one purpose by one channel: given, revoked, and given again."""

from dataclasses import dataclass, replace

from services.clients.commands.consents import GiveConsent, RevokeConsent
from services.clients.events.consents import ConsentGiven, ConsentRevoked
from services.kernel.errors import FieldError, Invalid, Refusal

Event = ConsentGiven | ConsentRevoked


class ConsentRevokedAlready(Refusal):
    ru = "Согласие уже отозвано"
    en = "The consent is revoked already"


class RevokedSince(Refusal):
    ru = "Согласие отозвано после этого времени"
    en = "The consent was revoked after this time"


@dataclass(frozen=True, slots=True)
class Consent:
    id: str
    what: str
    person: str
    purpose: str
    channel: str
    given: bool = True


def consent_id(command: GiveConsent) -> str:
    return f"{command.person}.{command.purpose}.{command.channel}"


def give_consent(command: GiveConsent, now: str, revoked_at: str) -> list[ConsentGiven]:
    """What was agreed to before it was revoked is over, also where it comes to light later."""
    if command.given_at > now:
        ru, en = "Согласие не бывает дано в будущем", "A consent is not given in the future"
        raise Invalid([FieldError("given_at", "in-the-future", ru, en)])
    if command.given_at <= revoked_at:
        raise RevokedSince.on("given_at")
    return [
        ConsentGiven(
            consent_id(command),
            command.what,
            command.person,
            command.purpose,
            command.channel,
            command.text_version,
            command.source,
            command.given_at,
            command.proof or None,
        )
    ]


def revoke_consent(consent: Consent, command: RevokeConsent) -> list[ConsentRevoked]:
    if not consent.given:
        raise ConsentRevokedAlready
    return [ConsentRevoked(consent.id, consent.what, consent.person, consent.purpose, consent.channel, command.source)]


def evolve(consent: Consent | None, event: Event) -> Consent:
    if isinstance(event, ConsentGiven):
        return Consent(event.consent_id, event.what, event.person, event.purpose, event.channel)
    assert consent is not None
    return replace(consent, given=False)

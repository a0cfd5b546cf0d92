"""Consents, given and revoked. What proves one is personal."""

from dataclasses import dataclass
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


def _of_person(happened: Any) -> PersonalFields:
    return {PersonKey(happened.person, "relation"): ("proof",)}


@event("ConsentGiven", personal=_of_person)
@dataclass(frozen=True, slots=True)
class ConsentGiven:
    consent_id: str
    what: str
    person: str
    purpose: str
    channel: str
    text_version: str
    source: str
    given_at: str
    proof: str | None = None


@event("ConsentRevoked")
@dataclass(frozen=True, slots=True)
class ConsentRevoked:
    consent_id: str
    what: str
    person: str
    purpose: str
    channel: str
    source: str

"""What can be asked about consents to be written to and called."""

from dataclasses import dataclass
from typing import Literal

Channel = Literal["email", "sms", "phone", "messenger", "post"]


@dataclass(frozen=True, slots=True)
class GiveConsent:
    """A person, who is a client or a contact person, consents to one purpose by one channel, having
    seen one version of a text. `given_at` is a time in UTC as the clock writes it; `proof` says
    by what it can be shown."""

    what: Literal["client", "contact"]
    person: str
    purpose: str
    channel: Channel
    text_version: str
    source: str
    given_at: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class RevokeConsent:
    consent_id: str
    source: str

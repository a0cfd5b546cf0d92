"""What can be asked about forgetting people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EraseClient:
    """Everything personal that is kept for the sake of the relation is to be made unreadable, for good."""

    client_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class EraseContact:
    contact_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class EraseLead:
    lead_id: str
    reason: str

"""What happens in the relations register. Free text is personal to its client."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event

PERSONAL = ("personal", "personal_before", "personal_after", "reason", "resolution")


def _of_client(happened: Any) -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): PERSONAL}


@event("InteractionPlanned", personal=_of_client)
@dataclass(frozen=True, slots=True)
class InteractionPlanned:
    """`details` and `personal` hold what is known of it beforehand."""

    interaction_id: str
    client_id: str
    kind: str
    starts_at: str
    employee_id: str | None
    details: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None


@event("InteractionChanged", personal=_of_client)
@dataclass(frozen=True, slots=True)
class InteractionChanged:
    interaction_id: str
    client_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    personal_before: Mapping[str, Any] | None = None
    personal_after: Mapping[str, Any] | None = None


@event("InteractionCompleted", personal=_of_client)
@dataclass(frozen=True, slots=True)
class InteractionCompleted:
    """`outcome` and `personal` hold what came of it: its result, agreements, satisfaction."""

    interaction_id: str
    client_id: str
    kind: str
    employee_id: str | None
    outcome: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None


@event("InteractionCancelled", personal=_of_client)
@dataclass(frozen=True, slots=True)
class InteractionCancelled:
    interaction_id: str
    client_id: str
    reason: str | None = None


@event("ComplaintResolved", personal=_of_client)
@dataclass(frozen=True, slots=True)
class ComplaintResolved:
    interaction_id: str
    client_id: str
    resolution: str | None = None

"""What can be asked about the relations register: contacts with clients, planned and done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class PlanInteraction:
    """`fields` are what is known beforehand. Times are in UTC, as the clock writes them."""

    client_id: str
    kind: str
    starts_at: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    interaction_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RecordInteraction:
    """One that has taken place already: planned and completed at once."""

    planned: PlanInteraction
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeInteraction:
    """Changes the named fields only; of one that is completed its outcome too."""

    interaction_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CompleteInteraction:
    interaction_id: str
    outcome: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelInteraction:
    interaction_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResolveComplaint:
    """What a complaint has led to."""

    interaction_id: str
    resolution: str

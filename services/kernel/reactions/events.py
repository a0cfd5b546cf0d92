"""What happens to reactions: kernel events in every service's store, never public.

The stream of an effect is its trace: planned, begun, and how each attempt ended.
Arguments and results hold ids, never personal data: they are stored open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.kernel.events import event

RELEASES = "reactions:released"


def effect_stream(effect_id: str) -> str:
    return f"effect:{effect_id}"


@event("EffectPlanned")
@dataclass(frozen=True, slots=True)
class EffectPlanned:
    """`cause_recorded_at` tells after a restore whether this may have run before it."""

    effect: str
    arguments: Mapping[str, Any]
    reaction: str
    source: str
    cause_id: str
    cause_recorded_at: datetime
    due_at: datetime | None = None


@event("EffectBegun")
@dataclass(frozen=True, slots=True)
class EffectBegun:
    """Written before the outside is touched. Whoever ran it has surely ended after `until`."""

    attempt: int
    runner: str
    until: datetime


@event("EffectSucceeded")
@dataclass(frozen=True, slots=True)
class EffectSucceeded:
    attempt: int
    result: Mapping[str, Any]


@event("EffectFailed")
@dataclass(frozen=True, slots=True)
class EffectFailed:
    """The attempt did nothing outside. Without `retry_at` it was the last one."""

    attempt: int
    error: str
    retry_at: datetime | None = None


@event("EffectUnknown")
@dataclass(frozen=True, slots=True)
class EffectUnknown:
    """Nobody knows whether the attempt did its work. Without `settle_at` it is left to the operator."""

    attempt: int
    error: str
    settle_at: datetime | None = None


@event("EffectRepeated")
@dataclass(frozen=True, slots=True)
class EffectRepeated:
    """The operator has it run again."""


@event("EffectDismissed")
@dataclass(frozen=True, slots=True)
class EffectDismissed:
    """The operator has it never run again."""


@event("ReactionsReleased")
@dataclass(frozen=True, slots=True)
class ReactionsReleased:
    """After the restore that began `epoch`: reactions to messages recorded up to `until` may run."""

    epoch: str
    until: datetime


KERNEL_EVENTS = (
    EffectPlanned,
    EffectBegun,
    EffectSucceeded,
    EffectFailed,
    EffectUnknown,
    EffectRepeated,
    EffectDismissed,
    ReactionsReleased,
)

"""What the notifications service can be asked to do: webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateWebhook:
    """`types`, `sources` and `subjects` narrow what is sent; an empty one does not."""

    url: str
    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    description: str = ""
    start: Literal["now", "beginning"] = "now"
    webhook_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    webhook_id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CancelWebhook:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class PauseWebhook:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class ResumeWebhook:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    webhook_id: str


@dataclass(frozen=True, slots=True)
class ReplayWebhook:
    """Sends a range again: by time, or the positions of one source. What is left open reaches to
    where the log begins or ends at present."""

    webhook_id: str
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    after_position: int = 0
    until_position: int | None = None
    replay_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class PingWebhook:
    webhook_id: str

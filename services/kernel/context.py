"""Who asks, why, and until when: carried with every command, event and call."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import msgspec

from services.kernel.rights import EVERYTHING, Rights


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one command or query.

    `actor` and `principal` are opaque ids, never names: the actor is who acts
    (a user, a service), the principal is whose idempotency keys these are (an
    API key, a session). `correlation_id` is shared by everything that follows
    from one request, `causation_id` is the id of the event or request directly
    behind this one. `deadline` is an aware time after which the work must not
    begin. `expected_version` is the caller's If-Match, `now` is the time the
    command is decided at, `min_position` is how far each source's events must be
    visible before the work begins. `rights` are the caller's on the resource asked for.
    """

    actor: str
    principal: str
    correlation_id: str
    causation_id: str
    now: datetime
    deadline: datetime
    idempotency_key: str | None = None
    expected_version: int | None = None
    min_position: Mapping[str, int] = field(default_factory=dict)
    rights: Rights = EVERYTHING

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return msgspec.convert(data, cls)

    def at(self, now: datetime) -> Self:
        return replace(self, now=now)

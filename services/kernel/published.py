"""The plainest way to publish an event."""

from typing import Any

import msgspec


def as_it_is(event: Any) -> dict[str, Any]:
    """All fields of the event under their own names."""
    fields: dict[str, Any] = msgspec.to_builtins(event)
    return fields

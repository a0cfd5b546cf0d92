"""What the service asks of its PDF workers, and how they answer."""

from enum import IntEnum
from typing import Any

import msgspec


class Answer(IntEnum):
    """The first byte of what a worker answers."""

    PDF = 0
    FAILED = 1


class Job(msgspec.Struct, frozen=True):
    template: str
    context: dict[str, Any]

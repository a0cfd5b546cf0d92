"""What is kept as JSON."""

from typing import Any

import msgspec


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()

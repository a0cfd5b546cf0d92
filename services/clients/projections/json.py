"""Lists and objects as columns hold them."""

from typing import Any

import msgspec


def as_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()

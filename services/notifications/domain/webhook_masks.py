"""What of an event those see who may see phone numbers or e-mail addresses only in part."""

import re
from collections.abc import Collection
from typing import Any

from services.kernel.lists.masks import masked

_KINDS = {"phone": "phone", "phones": "phone", "email": "email", "emails": "email"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def mask_data(data: Any, kinds: Collection[str]) -> Any:
    """The data with what is of these kinds masked: by the fields' names at any depth, and for
    e-mail whatever looks like one."""
    if isinstance(data, dict):
        return {name: _field(name, value, kinds) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [mask_data(one, kinds) for one in data]
    if isinstance(data, str) and "email" in kinds and _EMAIL.fullmatch(data):
        return masked(data, "email")
    return data


def _field(name: str, value: Any, kinds: Collection[str]) -> Any:
    kind = _KINDS.get(name)
    return masked(value, kind) if kind and kind in kinds else mask_data(value, kinds)

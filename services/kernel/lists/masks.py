"""What is seen of a phone number or an e-mail address by those who may see a part only."""

import re
from collections.abc import Callable, Mapping
from typing import Any

NOTHING_SEEN = "***"
_SEEN = 4
_ENOUGH = 7


def mask_phone(text: str) -> str:
    """`+7 *** ***-12-34`: the country and the last four digits."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < _ENOUGH:
        return NOTHING_SEEN
    national = len(digits) == 11 and digits[0] in "78"  # noqa: PLR2004  # a Russian number with 7 or 8
    country = "+7 " if national else ""
    return f"{country}*** ***-{digits[-_SEEN:-2]}-{digits[-2:]}"


def mask_email(text: str) -> str:
    """`и***@example.ru`: the first letter and the domain."""
    name, at, domain = text.rpartition("@")
    return f"{name[0]}{NOTHING_SEEN}@{domain}" if at and name else NOTHING_SEEN


MASKS: Mapping[str, Callable[[str], str]] = {"phone": mask_phone, "email": mask_email}


def masked(value: Any, kind: str) -> Any:
    """The value with every text in it masked."""
    if isinstance(value, str):
        return MASKS[kind](value)
    if isinstance(value, list):
        return [masked(one, kind) for one in value]
    if isinstance(value, dict):
        return {name: masked(one, kind) for name, one in value.items()}
    return value

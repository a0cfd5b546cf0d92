"""What is seen of a phone number or an e-mail address by those who may see a part only."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

NOTHING_SEEN = "***"
_SEEN = 4
_TELLS_NOTHING = ("kind",)  # whether a phone is one at work or at home
_ENOUGH = 7
# Fields of events that hold a phone number or an e-mail address, alone or among others.
_KINDS = {"phones": "phone", "phone": "phone", "emails": "email", "email": "email"}
_A_PHONE = re.compile(r"\+?[\d\s()-]{5,}")


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
        return {name: one if name in _TELLS_NOTHING else masked(one, kind) for name, one in value.items()}
    return value


def masked_data(value: Any, kinds: Collection[str]) -> Any:
    """An event's data with what is of these kinds masked, at any depth."""
    if isinstance(value, list):
        return [masked_data(one, kinds) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _field(_kind(name, inner), inner, kinds) for name, inner in value.items()}


def _field(kind: str, value: Any, kinds: Collection[str]) -> Any:
    return masked(value, kind) if kind in kinds else masked_data(value, kinds)


def _kind(name: str, value: Any) -> str:
    """What a field holds; the address of a message is one of its channel."""
    if name != "address" or not isinstance(value, str):
        return _KINDS.get(name, "")
    return "email" if "@" in value else "phone" if _A_PHONE.fullmatch(value) else ""

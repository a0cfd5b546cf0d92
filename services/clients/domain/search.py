"""Search by any part of what is known of a client, as people type it."""

import re
from collections.abc import Iterable

_PHONE = re.compile(r"[\d\s()+.-]{5,}")
_SHORTEST_NUMBER = 5


def searched(texts: Iterable[str]) -> str:
    """All texts of a client as one, made equal in case and «ё»."""
    return "\n".join(_plain(text) for text in texts if text)


def sought(query: str) -> tuple[str, ...]:
    """What any of must stand in such a text; a phone is also sought by its digits alone."""
    plain = _plain(query)
    digits = re.sub(r"\D", "", query)
    if not _PHONE.fullmatch(query) or len(digits) < _SHORTEST_NUMBER:
        return (plain,)
    return (plain, re.sub(r"^[78](?=\d{4})", "", digits))


def _plain(text: str) -> str:
    return text.casefold().replace("ё", "е")

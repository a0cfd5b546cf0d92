"""What a variable of the environment may be: text is read, or refused with a reason."""

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LOG_LEVELS = ("debug", "info", "warning", "error")
QUOTAS, WINDOWS = range(1, 1_000_001), range(1, 3601)
_SERVER = "postgresql://<user>:<password>@<host>/<database>"


def name(text: str) -> str:
    if not text.isidentifier() or not text.isascii() or not text.islower():
        raise ValueError("must be a service's name in lower case")
    return text


def database(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError(f"must be sqlite:///<path> or {_SERVER}") from None
    if url.get_backend_name() not in ("sqlite", "postgresql") or url.database in (None, "", ":memory:"):
        raise ValueError(f"must be sqlite:///<path> or {_SERVER}")
    return text


def address(*schemes: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        scheme, separator, rest = text.partition("://")
        if scheme not in schemes or not separator or not rest.strip("/"):
            raise ValueError("must begin with " + " or ".join(f"{scheme}://" for scheme in schemes))
        return text

    return parse


def mailbox(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", text):
        raise ValueError("must be an e-mail address")
    return text


def blobs(text: str) -> str:
    if text.startswith("file:///"):
        return text
    if not text.startswith("postgresql"):
        raise ValueError(f"must be file:///<folder> or {_SERVER}")
    return database(text)


def readable(text: str) -> Path:
    path = Path(text)
    try:
        path.open("rb").close()
    except OSError as error:
        raise ValueError(f"names a file that cannot be read: {error.strerror}") from None
    return path


def zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        raise ValueError("must be a time zone such as Europe/Moscow") from None


def number(allowed: range) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) not in allowed:
            raise ValueError(f"must be a whole number from {allowed[0]} to {allowed[-1]}")
        return int(text)

    return parse


def host(text: str) -> str:
    if not text.strip() or any(c in text for c in "/ @"):
        raise ValueError("must be an address or a host's name, without a port")
    return text


def switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError("must be on or off")
    return text == "on"


def rate(text: str) -> tuple[int, int] | None:
    if text == "off":
        return None
    quota, _, window = text.partition("/")
    return number(QUOTAS)(quota), number(WINDOWS)(window)


def names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def origins(text: str) -> tuple[str, ...]:
    origins = names(text)
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", origin):
            raise ValueError("must be origins such as https://crm.example.ru by commas, without a path, or *")
    return origins


def level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError("must be one of " + ", ".join(LOG_LEVELS))
    return text.lower()

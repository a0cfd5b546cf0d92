"""Files and web links that are attached and removed. What they are called, and where a link leads, is
personal to whom they tell of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


def _of_person(*fields: str) -> Callable[[Any], PersonalFields]:
    """What hangs on a task without a client tells of nobody."""
    return lambda happened: {} if happened.person is None else {PersonKey(happened.person, "relation"): fields}


@event("FileAttached", personal=_of_person("file_name"))
@dataclass(frozen=True, slots=True)
class FileAttached:
    """`what` and `owner_id` are what it hangs on, `person` is the client or contact person it goes with."""

    attachment_id: str
    what: str
    owner_id: str
    client_id: str | None
    person: str | None
    file_hash: str
    size: int
    media_type: str
    file_name: str | None = None


@event("LinkAttached", personal=_of_person("url", "title"))
@dataclass(frozen=True, slots=True)
class LinkAttached:
    attachment_id: str
    what: str
    owner_id: str
    client_id: str | None
    person: str | None
    url: str | None = None
    title: str | None = None


@event("AttachmentRemoved")
@dataclass(frozen=True, slots=True)
class AttachmentRemoved:
    """`file_hash` is that of a file; a link has none."""

    attachment_id: str
    what: str
    owner_id: str
    client_id: str | None
    person: str | None
    file_hash: str | None

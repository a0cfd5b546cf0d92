"""Files that are attached and removed. The name of a file is personal to whom it tells of."""

from dataclasses import dataclass
from typing import Any

from services.kernel.events import PersonalFields, PersonKey, event


def _of_person(happened: Any) -> PersonalFields:
    """What hangs on a task without a client tells of nobody."""
    if happened.person is None:
        return {}
    return {PersonKey(happened.person, "relation"): ("file_name",)}


@event("AttachmentAdded", personal=_of_person)
@dataclass(frozen=True, slots=True)
class AttachmentAdded:
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


@event("AttachmentRemoved")
@dataclass(frozen=True, slots=True)
class AttachmentRemoved:
    attachment_id: str
    what: str
    owner_id: str
    client_id: str | None
    person: str | None
    file_hash: str

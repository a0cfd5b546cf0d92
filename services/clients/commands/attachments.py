"""What can be asked about files and web links that are attached to something."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from services.kernel.ids import new_id

OwnerKind = Literal["client", "contact", "interaction", "task"]
OWNER_KINDS: tuple[OwnerKind, ...] = get_args(OwnerKind)


@dataclass(frozen=True, slots=True)
class AttachFile:
    what: OwnerKind
    owner_id: str
    content: bytes
    file_name: str
    attachment_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AttachLink:
    what: OwnerKind
    owner_id: str
    url: str
    title: str = ""
    attachment_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RemoveAttachment:
    attachment_id: str

"""What can be asked about contact persons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class LinkContact:
    """The person stands for a client since a day. Where he does so already, what is given is changed."""

    contact_id: str
    client_id: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateContact:
    """`fields` are what is known of the person, `link` the client he begins with."""

    fields: Mapping[str, Any]
    responsible_id: str | None = None
    link: LinkContact | None = None
    contact_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """Changes the named fields only."""

    contact_id: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UnlinkContact:
    """The person stands for the client no more, from a day on; what was stays written."""

    contact_id: str
    client_id: str
    until: date | None = None

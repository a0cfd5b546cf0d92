"""What can be asked about forms on sites, by which leads come in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from services.clients.commands.consents import Channel
from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that the form takes: one of a lead's own, or any other, which is kept as an answer."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class FormConsent:
    """What is agreed to by the field `consent`; where it is required, nothing is taken in without it."""

    purpose: str
    channels: tuple[Channel, ...]
    text_version: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class AddLeadForm:
    """`origins` are the sites that it stands on, `redirect` is where a browser goes from it, and
    `trap` a field that people do not see: what fills it in is no person."""

    title: str
    source: str
    asks: tuple[FormField, ...]
    action: str = "form"
    origins: tuple[str, ...] = ()
    consent: FormConsent | None = None
    redirect: str = ""
    trap: str = "website"
    form_id: str = field(default_factory=new_id)
    token: str = field(default_factory=lambda: token_urlsafe(18))


@dataclass(frozen=True, slots=True)
class ChangeLeadForm:
    """Changes the named fields only."""

    form_id: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubmitLeadForm:
    """What a browser has sent, from which address and page. `key` is the browser's own name of what it
    sends, so that sent twice it is one lead; without one, what is sent is its own name for a while."""

    token: str
    values: Mapping[str, str]
    page: str = ""
    address: str = ""
    key: str = ""
    lead_id: str = field(default_factory=new_id)

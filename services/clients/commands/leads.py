"""What can be asked about leads: who has left a contact, from where, and what becomes of him."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.clients.commands.clients import ClientKind, GivenPhone
from services.clients.commands.consents import Channel
from services.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class LeadFields:
    """What somebody says of himself and of what he wants. Phones and e-mails are as written;
    `answers` are what else a form has asked."""

    name: str = ""
    company: str = ""
    inn: str = ""
    phones: tuple[str | GivenPhone, ...] = ()
    emails: tuple[str, ...] = ()
    links: tuple[Mapping[str, str], ...] = ()
    wants: str = ""
    page: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadConsent:
    """What a lead has agreed to; it is a consent of the client once there is one."""

    purpose: str
    channel: Channel
    text_version: str
    given_at: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class CaptureLead:
    """`source` is the advertising channel or the recommendation that he comes by, `action` what he did."""

    source: str
    action: str
    fields: LeadFields
    recommended_by: str | None = None
    utm: Mapping[str, str] = field(default_factory=dict)
    consents: tuple[LeadConsent, ...] = ()
    assignee_id: str | None = None
    form_id: str | None = None
    lead_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AssignLead:
    lead_id: str
    assignee_id: str
    task_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class TakeLead:
    """Whoever asks begins to work on it."""

    lead_id: str


@dataclass(frozen=True, slots=True)
class RejectLead:
    lead_id: str
    reason: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to be made of a lead: `card` holds what the lead has not, or has otherwise."""

    card: Mapping[str, Any] = field(default_factory=dict)
    kind: ClientKind | None = None
    manager_id: str | None = None
    allow_duplicate: bool = False
    accept_unverified: bool = False


@dataclass(frozen=True, slots=True)
class ConvertLead:
    """To a client that is there, or to a new one; and to a deal, where it is given a title."""

    lead_id: str
    client_id: str | None = None
    client: NewClient | None = None
    deal_title: str = ""
    new_client_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AddLeadRule:
    """Who gets the leads of a source; of those without a rule, the rule `default` tells."""

    rule_id: str
    assignees: tuple[str, ...]
    to_known_manager: bool = True
    contact_minutes: int = 60


@dataclass(frozen=True, slots=True)
class ChangeLeadRule:
    """Changes the named fields only."""

    rule_id: str
    changes: Mapping[str, Any]

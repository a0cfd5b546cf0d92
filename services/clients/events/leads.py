"""What happens to leads. Who has left a contact is a person with a key of his own; once he is a
client, what is said is the client's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.clients.commands.leads import LeadConsent
from services.clients.events.clients import Email, Phone
from services.kernel.events import PersonalFields, PersonKey, event

SAID = ("name", "company", "inn", "phones", "emails", "links", "wants", "page", "answers", "consents")


def _of_lead(happened: Any) -> PersonalFields:
    return {PersonKey(happened.lead_id, "relation"): SAID}


def _comment(happened: "LeadRejected") -> PersonalFields:
    return {PersonKey(happened.lead_id, "relation"): ("comment",)}


def _of_client(happened: "LeadConverted") -> PersonalFields:
    return {PersonKey(happened.client_id, "relation"): ("deal_title",)}


@event("LeadCaptured", personal=_of_lead)
@dataclass(frozen=True, slots=True)
class LeadCaptured:
    """`known_clients` are those who may be the same one, by phone, e-mail or ИНН."""

    lead_id: str
    source: str
    action: str
    recommended_by: str | None
    form_id: str | None
    known_clients: tuple[str, ...]
    utm: Mapping[str, str]
    name: str | None = None
    company: str | None = None
    inn: str | None = None
    phones: tuple[Phone, ...] | None = None
    emails: tuple[Email, ...] | None = None
    links: tuple[Mapping[str, str], ...] | None = None
    wants: str | None = None
    page: str | None = None
    answers: Mapping[str, str] | None = None
    consents: tuple[LeadConsent, ...] | None = None


@event("LeadAssigned")
@dataclass(frozen=True, slots=True)
class LeadAssigned:
    """`task_id` is the task of the first contact."""

    lead_id: str
    assignee_before: str | None
    assignee_after: str
    task_id: str


@event("LeadTaken")
@dataclass(frozen=True, slots=True)
class LeadTaken:
    """Somebody works on it; a rejected one is so taken up again."""

    lead_id: str
    assignee_id: str


@event("LeadRejected", personal=_comment)
@dataclass(frozen=True, slots=True)
class LeadRejected:
    lead_id: str
    source: str
    reason: str
    comment: str | None = None


@event("LeadConverted", personal=_of_client)
@dataclass(frozen=True, slots=True)
class LeadConverted:
    """`opens_deal`: a deal of this title is to follow."""

    lead_id: str
    client_id: str
    new_client: bool
    source: str
    assignee_id: str | None
    opens_deal: bool
    deal_title: str | None = None


@event("LeadDealOpened")
@dataclass(frozen=True, slots=True)
class LeadDealOpened:
    lead_id: str
    client_id: str
    deal_id: str
    source: str


@event("LeadDealFailed")
@dataclass(frozen=True, slots=True)
class LeadDealFailed:
    """The deal could not be opened, for a reason as problems have it; it is opened by hand."""

    lead_id: str
    client_id: str
    reason: str


@event("LeadRuleAdded")
@dataclass(frozen=True, slots=True)
class LeadRuleAdded:
    rule_id: str
    assignees: tuple[str, ...]
    to_known_manager: bool
    contact_minutes: int


@event("LeadRuleChanged")
@dataclass(frozen=True, slots=True)
class LeadRuleChanged:
    rule_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@event("LeadTurnTaken")
@dataclass(frozen=True, slots=True)
class LeadTurnTaken:
    """Whose turn it was, by a rule."""

    rule_id: str
    user_id: str

"""A lead: somebody has left a contact; he becomes a client, with a deal, or is rejected."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.clients.commands.leads import (
    AssignLead,
    CaptureLead,
    ConvertLead,
    LeadConsent,
    RejectLead,
)
from services.clients.domain.contact_points import read_email, read_phone
from services.clients.events.clients import Email, Phone
from services.clients.events.leads import (
    LeadAssigned,
    LeadCaptured,
    LeadConverted,
    LeadDealFailed,
    LeadDealOpened,
    LeadRejected,
    LeadTaken,
)
from services.kernel.errors import FieldError, Invalid, Refusal

Event = LeadCaptured | LeadAssigned | LeadTaken | LeadRejected | LeadConverted | LeadDealOpened | LeadDealFailed
State = Literal["new", "in_work", "converted", "rejected"]
RECOMMENDATION = "recommendation"


class LeadConvertedAlready(Refusal):
    ru = "Лид уже стал клиентом {client_id}"
    en = "The lead is client {client_id} already"


class LeadRejectedAlready(Refusal):
    ru = "От лида уже отказались"
    en = "The lead is rejected already"


class LeadInWorkAlready(Refusal):
    ru = "Лид уже в работе"
    en = "The lead is being worked on already"


@dataclass(frozen=True, slots=True)
class Lead:
    """What is personal is None once it is erased."""

    id: str
    source: str
    name: str | None
    company: str | None
    inn: str | None
    phones: tuple[Phone, ...]
    emails: tuple[Email, ...]
    wants: str | None
    consents: tuple[LeadConsent, ...]
    state: State = "new"
    assignee_id: str | None = None
    task_id: str | None = None
    client_id: str | None = None
    deal_title: str | None = None
    deal_id: str | None = None


def capture_lead(command: CaptureLead, now: str) -> LeadCaptured:
    """Whom he may be is found by what is captured, and told afterwards."""
    fields = command.fields
    _check(command, now)
    return LeadCaptured(
        lead_id=command.lead_id,
        source=command.source,
        action=command.action,
        recommended_by=command.recommended_by,
        form_id=command.form_id,
        known_clients=(),
        utm=command.utm,
        name=fields.name,
        company=fields.company,
        inn=fields.inn,
        phones=tuple(map(read_phone, fields.phones)),
        emails=tuple(map(read_email, fields.emails)),
        links=fields.links,
        wants=fields.wants,
        page=fields.page,
        answers=fields.answers,
        consents=command.consents,
    )


def assign_lead(lead: Lead, command: AssignLead) -> list[LeadAssigned]:
    """With the task of the first contact, which stays the same in other hands."""
    _require_open(lead)
    if lead.assignee_id == command.assignee_id:
        return []
    return [LeadAssigned(lead.id, lead.assignee_id, command.assignee_id, lead.task_id or command.task_id)]


def take_lead(lead: Lead, actor: str) -> list[LeadTaken]:
    if lead.client_id is not None:
        raise LeadConvertedAlready(client_id=lead.client_id)
    if lead.state == "in_work":
        raise LeadInWorkAlready
    return [LeadTaken(lead.id, lead.assignee_id or actor)]


def reject_lead(lead: Lead, command: RejectLead) -> list[LeadRejected]:
    _require_open(lead)
    return [LeadRejected(lead.id, lead.source, command.reason, command.comment or None)]


def convert_lead(lead: Lead, command: ConvertLead, client_id: str) -> list[LeadConverted]:
    require_convertible(lead)
    opens = command.deal_title != ""
    new = client_id == command.new_client_id
    title = command.deal_title or None
    return [LeadConverted(lead.id, client_id, new, lead.source, lead.assignee_id, opens, title)]


def require_convertible(lead: Lead) -> None:
    """One that was rejected may turn out to be a client after all."""
    if lead.client_id is not None:
        raise LeadConvertedAlready(client_id=lead.client_id)


def note_lead_deal(lead: Lead, deal_id: str) -> list[LeadDealOpened]:
    if lead.client_id is None or lead.deal_id is not None:
        return []
    return [LeadDealOpened(lead.id, lead.client_id, deal_id, lead.source)]


def fail_lead_deal(lead: Lead, reason: str) -> list[LeadDealFailed]:
    if lead.client_id is None or lead.deal_id is not None:
        return []
    return [LeadDealFailed(lead.id, lead.client_id, reason)]


def evolve(lead: Lead | None, event: Event) -> Lead:
    if isinstance(event, LeadCaptured):
        return Lead(
            id=event.lead_id,
            source=event.source,
            name=event.name,
            company=event.company,
            inn=event.inn,
            phones=event.phones or (),
            emails=event.emails or (),
            wants=event.wants,
            consents=event.consents or (),
        )
    assert lead is not None
    return replace(lead, **_after(event))


def _after(event: Event) -> dict[str, Any]:
    match event:
        case LeadAssigned():
            return {"assignee_id": event.assignee_after, "task_id": event.task_id}
        case LeadTaken():
            return {"state": "in_work", "assignee_id": event.assignee_id}
        case LeadRejected():
            return {"state": "rejected"}
        case LeadConverted():
            return {"state": "converted", "client_id": event.client_id, "deal_title": event.deal_title}
        case LeadDealOpened():
            return {"deal_id": event.deal_id}
    return {}


def _require_open(lead: Lead) -> None:
    if lead.client_id is not None:
        raise LeadConvertedAlready(client_id=lead.client_id)
    if lead.state == "rejected":
        raise LeadRejectedAlready


def _check(command: CaptureLead, now: str) -> None:
    fields, wrong = command.fields, []
    if not (fields.phones or fields.emails or fields.links or fields.name):
        ru, en = "Нужен телефон, e-mail, ссылка или имя", "A phone, an e-mail, a link or a name is needed"
        wrong.append(FieldError("phones", "no-contact", ru, en))
    if command.recommended_by and command.source != RECOMMENDATION:
        ru, en = "Кто рекомендовал, указывают при источнике «рекомендация»", "Only a recommendation is by somebody"
        wrong.append(FieldError("recommended_by", "no-recommendation", ru, en))
    wrong += _wrong_consents(command.consents, now)
    if wrong:
        raise Invalid(wrong)


def _wrong_consents(consents: Collection[LeadConsent], now: str) -> list[FieldError]:
    wrong, seen = [], set()
    for number, one in enumerate(consents):
        if one.given_at > now:
            ru, en = "Согласие не бывает дано в будущем", "A consent is not given in the future"
            wrong.append(FieldError(f"consents.{number}.given_at", "in-the-future", ru, en))
        if (one.purpose, one.channel) in seen:
            ru, en = "Согласие названо дважды", "The consent is named twice"
            wrong.append(FieldError(f"consents.{number}", "repeated", ru, en))
        seen.add((one.purpose, one.channel))
    return wrong

"""What becomes of a lead: he is worked on, rejected, or is a client, with his consents and a deal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.clients.commands.card import NAMED
from services.clients.commands.clients import ClientFields, ClientKind, CreateClient, GivenPhone
from services.clients.commands.consents import GiveConsent
from services.clients.commands.leads import ConvertLead, NewClient, RejectLead, TakeLead
from services.clients.commands.tasks import CancelTask, CompleteTask
from services.clients.domain import consent as consents
from services.clients.domain import lead as leads
from services.clients.domain import task as tasks
from services.clients.domain.dictionary import entry_id
from services.clients.domain.lead import Lead
from services.clients.handlers.aggregates import CONSENT, ENTRY, LEAD, TASK
from services.clients.handlers.clients import create_client, not_forgotten, seen_client, standing_for
from services.clients.handlers.dictionaries import require_codes
from services.kernel.clock import from_iso, to_iso
from services.kernel.codes import inn_ok
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import FieldError, Invalid
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import Idempotency, StreamEvents

COMPANY_INN = 10


def take_lead(tools: Tools, command: TakeLead, context: Context) -> Written:
    loaded = tools.load(LEAD, command.lead_id, context)
    return tools.append(context, loaded, leads.take_lead(loaded.state, context.actor))


def reject_lead(tools: Tools, command: RejectLead, context: Context) -> Written:
    loaded = tools.load(LEAD, command.lead_id, context)
    require_codes(tools, "reason", "lead_rejections", command.reason)
    rejected = leads.reject_lead(loaded.state, command)
    return tools.append(context, loaded, rejected, also=first_contact_over(tools, loaded.state, cancelled=True))


def convert_lead(tools: Tools, command: ConvertLead, context: Context) -> Written:
    """The client, what he has agreed to and the end of the lead are one append. The deal follows."""
    loaded = tools.load(LEAD, command.lead_id, context)
    leads.require_convertible(loaded.state)
    if command.client_id is None:
        return _to_new_client(tools, loaded, command, context)
    if command.client is not None:
        ru, en = "Либо client_id, либо client", "Either client_id or client"
        raise Invalid([FieldError("client", "one-of", ru, en)])
    named = seen_client(tools, "client_id", command.client_id, context)
    client_id = standing_for(tools, named.state).id
    unforgotten = [not_forgotten(tools, person) for person in (loaded.id, client_id)]
    converted = leads.convert_lead(loaded.state, command, client_id)
    follows = _follows(tools, loaded.state, client_id, context)
    return tools.append(context, loaded, converted, also=[*unforgotten, *follows])


def source_name(tools: Tools, source: str) -> str:
    return load(tools.store, ENTRY, entry_id("lead_sources", source)).state.name


def _to_new_client(tools: Tools, lead: Loaded[Lead], command: ConvertLead, context: Context) -> Written:
    """The keys that a client is known by are his own, so it is his append; the record of the
    request is the lead's."""
    create = _new_client(tools, lead.state, command)
    converted = StreamEvents(lead.stream, lead.version, leads.convert_lead(lead.state, command, create.client_id))
    also = [converted, not_forgotten(tools, lead.id), *_follows(tools, lead.state, create.client_id, context)]

    def of_lead(_client: str) -> Idempotency | None:
        record = tools.idempotency(lead.id)
        return record and replace(record, stream=lead.stream)

    written = create_client(replace(tools, idempotency=of_lead), create, context, also)
    return Written(lead.id, lead.version + len(converted.events), written.position)


def _new_client(tools: Tools, lead: Lead, command: ConvertLead) -> CreateClient:
    """What the request says goes before what the lead has said."""
    wanted = command.client or NewClient()
    card = {**_card(lead, source_name(tools, lead.source)), **wanted.card}
    if not card["name"]:
        ru, en = "Нужно наименование: лид его не назвал", "A name is needed: the lead has not told his"
        raise Invalid([FieldError("client.name", "required", ru, en)])
    named = {name: _tupled(card.pop(name)) for name in NAMED if name in card}
    return CreateClient(
        kind=wanted.kind or _kind(lead),
        fields=ClientFields(**named, details=card),
        client_id=command.new_client_id,
        manager_id=wanted.manager_id or lead.assignee_id,
        allow_duplicate=wanted.allow_duplicate,
        accept_unverified=wanted.accept_unverified,
    )


def _card(lead: Lead, source: str) -> dict[str, Any]:
    said: Mapping[str, Any] = {
        "name": lead.company or lead.name,
        "contact_person": lead.name if lead.company else "",
        "inn": lead.inn,
        "phones": [GivenPhone(phone.written, phone.kind) for phone in lead.phones],
        "emails": [email.address for email in lead.emails],
        "source": source,
        "note": lead.wants,
    }
    return {name: value or "" if name not in ("phones", "emails") else value for name, value in said.items()}


def _kind(lead: Lead) -> ClientKind:
    of_company = lead.company or (inn_ok(lead.inn or "") and len(lead.inn or "") == COMPANY_INN)
    return "legal_entity" if of_company else "individual"


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _follows(tools: Tools, lead: Lead, client_id: str, context: Context) -> list[StreamEvents]:
    return [*_consents(tools, lead, client_id, context), *first_contact_over(tools, lead, cancelled=False)]


def _consents(tools: Tools, lead: Lead, client_id: str, context: Context) -> list[StreamEvents]:
    """What the client has said since, holds: a consent that he took back later is not given again."""
    given, source = [], source_name(tools, lead.source)
    for one in lead.consents:
        command = GiveConsent(
            "client", client_id, one.purpose, one.channel, one.text_version, source, one.given_at, one.proof
        )
        stream = CONSENT.stream(consents.consent_id(command))
        held = tools.store.read_stream(stream)
        if not held or held[-1].recorded_at < from_iso(one.given_at):
            version = held[-1].version if held else 0
            given.append(
                StreamEvents(stream, version, consents.give_consent(command, to_iso(context.now), revoked_at=""))
            )
    return given


def first_contact_over(tools: Tools, lead: Lead, *, cancelled: bool) -> list[StreamEvents]:
    if lead.task_id is None:
        return []
    task = load(tools.store, TASK, lead.task_id)
    if task.state.state != "open":
        return []
    ended = (
        tasks.cancel_task(task.state, CancelTask(task.id))
        if cancelled
        else tasks.complete_task(task.state, CompleteTask(task.id))
    )
    return [StreamEvents(task.stream, task.version, ended)]

"""Leads as they come in: whose they may be, and who is to speak with them first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.clients.commands.leads import AssignLead, CaptureLead
from services.clients.commands.tasks import AssignTask, ChangeTask
from services.clients.domain import lead as leads
from services.clients.domain import task as tasks
from services.clients.domain.identity import identity_keys, inn_keys
from services.clients.domain.lead import Lead
from services.clients.domain.lead_rule import DEFAULT, LeadRule, next_in_turn
from services.clients.events.leads import LeadCaptured, LeadTurnTaken
from services.clients.handlers.aggregates import CLIENT, LEAD, LEAD_RULE, LEAD_TURN, TASK
from services.clients.handlers.clients import require_user, seen_client, standing_for
from services.clients.handlers.dictionaries import require_codes
from services.clients.handlers.tasks import timed
from services.clients.queries.users import user_is_active
from services.kernel.clock import company_date, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Key, StreamEvents

FIRST_CONTACT = "Новый лид: связаться"


class NotYourColleague(Refusal):
    status = 422
    ru = "Лиды пользователя {user_id} вы не видите"
    en = "The leads of user {user_id} are not yours to see"


@dataclass(frozen=True, slots=True)
class _Assigned:
    """To whom, within what time he is to be spoken with, and whose turn that has taken."""

    user_id: str | None
    within: timedelta
    turn: Sequence[StreamEvents] = ()


def capture_lead(tools: Tools, command: CaptureLead, context: Context) -> Written:
    _check(tools, command, context)
    return append_lead(tools, command, context)


def append_lead(
    tools: Tools,
    command: CaptureLead,
    context: Context,
    claim: Sequence[Key] = (),
    release: Sequence[Key] = (),
    also: Sequence[StreamEvents] = (),
) -> Written:
    """The lead, whoever gets it, and his task: together or not at all."""
    captured = leads.capture_lead(command, to_iso(context.now))
    captured = replace(captured, known_clients=tuple(known_clients(tools, captured)))
    assigned = _assign(tools, command, captured, context)
    begun = tools.begin(LEAD, command.lead_id)
    if assigned.user_id is None:
        return tools.append(context, begun, [captured], also=also, claim=claim, release=release)
    to_him = AssignLead(command.lead_id, assigned.user_id)
    events = [captured, *leads.assign_lead(leads.evolve(None, captured), to_him)]
    task = _first_contact(to_him, assigned, context)
    return tools.append(context, begun, events, also=[*assigned.turn, task, *also], claim=claim, release=release)


def assign_lead(tools: Tools, command: AssignLead, context: Context) -> Written:
    """His first contact is handed over with him."""
    loaded = tools.load(LEAD, command.lead_id, context)
    require_user(tools, "assignee_id", command.assignee_id)
    events = leads.assign_lead(loaded.state, command)
    return tools.append(context, loaded, events, also=handed_over(tools, loaded.state, command, context))


def known_clients(tools: Tools, captured: LeadCaptured) -> list[str]:
    """Whom the keys that make two clients the same one tell of."""
    keys = identity_keys(
        inn="",
        kpp="",
        name="",
        phones=[phone.number for phone in captured.phones or () if phone.number],
        emails=[email.address for email in captured.emails or () if email.valid],
    )
    keys |= frozenset(inn_keys(captured.inn or "") or ())
    owners = (tools.store.owner(Key(f"client-{scope}", tools.claim_key(scope, key))) for scope, key in keys)
    holders = {owner.partition(":")[2] for owner in owners if owner}
    return sorted({standing_for(tools, load(tools.store, CLIENT, id_).state).id for id_ in holders})


def _check(tools: Tools, command: CaptureLead, context: Context) -> None:
    require_codes(tools, "source", "lead_sources", command.source)
    require_codes(tools, "action", "lead_actions", command.action)
    for number, consent in enumerate(command.consents):
        require_codes(tools, f"consents.{number}.purpose", "consent_purposes", consent.purpose)
    if command.recommended_by is not None:
        seen_client(tools, "recommended_by", command.recommended_by, context)
    require_user(tools, "assignee_id", command.assignee_id)


def _assign(tools: Tools, command: CaptureLead, captured: LeadCaptured, context: Context) -> _Assigned:
    """Who sees only some users' leads takes in new ones for himself, or for one of these."""
    rule = _rule(tools, command.source)
    within = timedelta(minutes=rule.contact_minutes)
    if command.assignee_id is not None or context.rights.users is not None:
        user_id = command.assignee_id or context.actor
        if not context.rights.reach(user_id):
            raise NotYourColleague.on("assignee_id", user_id=user_id)
        return _Assigned(user_id, within)
    manager = _manager(tools, captured.known_clients) if rule.to_known_manager else None
    if manager is not None:
        return _Assigned(manager, within)
    return _in_turn(tools, rule, within)


def _rule(tools: Tools, source: str) -> LeadRule:
    for rule_id in (source, DEFAULT):
        if tools.exists(LEAD_RULE, rule_id):
            return load(tools.store, LEAD_RULE, rule_id).state
    return LeadRule(DEFAULT)


def _manager(tools: Tools, known: Sequence[str]) -> str | None:
    """Of one client that is known, not of several."""
    if len(known) != 1:
        return None
    manager = load(tools.store, CLIENT, known[0]).state.manager_id
    return manager if manager and _is_active(tools, manager) else None


def _in_turn(tools: Tools, rule: LeadRule, within: timedelta) -> _Assigned:
    """Turns are taken in the append of the lead, so no two leads take the same."""
    try:
        last = load(tools.store, LEAD_TURN, rule.id)
    except NotFound:
        last = None
    for user_id in next_in_turn(rule.assignees, last.state.user_id if last else None):
        if _is_active(tools, user_id):
            taken = [LeadTurnTaken(rule.id, user_id)]
            turn = StreamEvents(LEAD_TURN.stream(rule.id), last.version if last else 0, taken)
            return _Assigned(user_id, within, [turn])
    return _Assigned(None, within)


def _is_active(tools: Tools, user_id: str) -> bool:
    with tools.read() as connection:
        return user_is_active(connection, user_id)


def _first_contact(to_him: AssignLead, assigned: _Assigned, context: Context) -> StreamEvents:
    due = context.now + assigned.within
    command = AssignTask(
        title=FIRST_CONTACT,
        due_date=company_date(due),
        due_at=to_iso(due),
        assignee_id=to_him.assignee_id,
        lead_id=to_him.lead_id,
        task_id=to_him.task_id,
    )
    return StreamEvents(TASK.stream(command.task_id), 0, tasks.assign_task(command, timed))


def handed_over(tools: Tools, lead: Lead, command: AssignLead, context: Context) -> list[StreamEvents]:
    """The task of his first contact, in other hands."""
    if lead.assignee_id == command.assignee_id:
        return []
    if lead.task_id is None:
        within = timedelta(minutes=_rule(tools, lead.source).contact_minutes)
        return [_first_contact(command, _Assigned(command.assignee_id, within), context)]
    task = load(tools.store, TASK, lead.task_id)
    if task.state.state != "open":
        return []
    handed = tasks.change_task(task.state, ChangeTask(task.id, {"assignee_id": command.assignee_id}), timed)
    return [StreamEvents(task.stream, task.version, handed)]

"""The deal that follows a lead: opened by the service of deals, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.clients.domain import lead as leads
from services.clients.events.leads import LeadConverted
from services.clients.handlers.aggregates import LEAD
from services.clients.handlers.leads.closing import source_name
from services.clients.queries.users import user_is_active
from services.kernel import clock
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.reactions import Arguments, Outcome, Plan
from services.kernel.rpc import Refused
from services.kernel.store.claims import StreamEvents

WITHIN = timedelta(seconds=10)
SERVER_ERRORS = 500
ON_THE_WAY = "unknown-client"  # deals have not heard of him yet


def on_lead_converted(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    event: LeadConverted = recorded.event
    return [Plan("open_lead_deal", {"lead_id": event.lead_id})] if event.opens_deal else []


def run_open_lead_deal(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The plan's id is the key of the command, so that however often it is asked there is one deal."""
    lead = tools.load(LEAD, arguments["lead_id"], context).state
    if lead.deal_title is None:
        return _failed(lead.id, "forgotten", tools, context)
    with tools.read() as connection:
        manager = lead.assignee_id if lead.assignee_id and user_is_active(connection, lead.assignee_id) else None
    asked = {"client_id": lead.client_id, "title": lead.deal_title, "source": source_name(tools, lead.source)}
    soon = replace(context, deadline=clock.now() + WITHIN)
    try:
        opened = tools.call("deals", "open_deal", {**asked, "manager_id": manager}, soon)["result"]
    except Refused as refused:
        problem = refused.problem().type
        if refused.status >= SERVER_ERRORS or problem == ON_THE_WAY:
            raise
        return _failed(lead.id, problem, tools, context)

    def decide() -> list[StreamEvents]:
        loaded = tools.load(LEAD, lead.id, context)
        return [StreamEvents(loaded.stream, loaded.version, leads.note_lead_deal(loaded.state, opened["id"]))]

    return Outcome(decide)


def _failed(lead_id: str, reason: str, tools: Tools, context: Context) -> Outcome:
    return Outcome(lambda: _failure(lead_id, reason, tools, context))


def gave_up(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    return _failure(arguments["lead_id"], "gave-up", tools, context)


def _failure(lead_id: str, reason: str, tools: Tools, context: Context) -> list[StreamEvents]:
    loaded = tools.load(LEAD, lead_id, context)
    return [StreamEvents(loaded.stream, loaded.version, leads.fail_lead_deal(loaded.state, reason))]

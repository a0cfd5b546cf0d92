"""Leads: events to rows."""

from collections.abc import Mapping
from typing import Any

from services.clients.domain.search import searched
from services.clients.events.erasures import ErasureRequested, PersonalDataErased
from services.clients.events.leads import (
    LeadAssigned,
    LeadCaptured,
    LeadConverted,
    LeadDealFailed,
    LeadDealOpened,
    LeadRejected,
    LeadRuleAdded,
    LeadTaken,
)
from services.clients.projections.json import as_json
from services.clients.tables import leads as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

TEXTS = ("name", "company", "inn", "wants", "page")
# by these a lead is told to be of a client
OF_PERSON = ("client_id", "known_client_id")
LISTS = ("phones", "emails", "links", "consents")
BLANK: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS),
    **dict.fromkeys(LISTS, "[]"),
    "answers": "{}",
    "comment": None,
    "searched": "",
}


def on_lead_captured(rows: Rows, recorded: Recorded) -> None:
    event: LeadCaptured = recorded.event
    known = event.known_clients
    texts = {name: getattr(event, name) for name in TEXTS}
    rows.put(
        t.leads,
        {
            "id": event.lead_id,
            "version": recorded.version,
            "number": f"{recorded.position:09}",
            "state": "new",
            "source": event.source,
            "action": event.action,
            "recommended_by": event.recommended_by,
            "form_id": event.form_id,
            "utm": as_json(event.utm),
            **texts,
            **{name: as_json(getattr(event, name) or []) for name in LISTS},
            "answers": as_json(event.answers or {}),
            "searched": searched(text or "" for text in texts.values()),
            "known_client_id": known[0] if len(known) == 1 else None,
            "captured_by": recorded.actor,
            "captured_at": recorded.recorded,
            "changed_at": recorded.recorded,
        },
    )
    for client_id in known:
        rows.put(t.lead_candidates, {"lead_id": event.lead_id, "client_id": client_id})


def on_lead_assigned(rows: Rows, recorded: Recorded) -> None:
    event: LeadAssigned = recorded.event
    _change(rows, recorded, assignee_id=event.assignee_after, task_id=event.task_id)


def on_lead_taken(rows: Rows, recorded: Recorded) -> None:
    event: LeadTaken = recorded.event
    _change(rows, recorded, state="in_work", assignee_id=event.assignee_id, reason=None, comment=None)


def on_lead_rejected(rows: Rows, recorded: Recorded) -> None:
    event: LeadRejected = recorded.event
    _change(rows, recorded, state="rejected", reason=event.reason, comment=event.comment)


def on_lead_converted(rows: Rows, recorded: Recorded) -> None:
    event: LeadConverted = recorded.event
    _change(rows, recorded, state="converted", client_id=event.client_id, reason=None, comment=None)


def on_lead_deal_opened(rows: Rows, recorded: Recorded) -> None:
    event: LeadDealOpened = recorded.event
    _change(rows, recorded, deal_id=event.deal_id, deal_problem=None)


def on_lead_deal_failed(rows: Rows, recorded: Recorded) -> None:
    event: LeadDealFailed = recorded.event
    _change(rows, recorded, deal_problem=event.reason)


def on_erasure_requested(rows: Rows, recorded: Recorded) -> None:
    event: ErasureRequested = recorded.event
    if event.what == "client":
        rows.put(t.lead_erasures, {"client_id": event.person})


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    """With a client go the leads that he once was."""
    event: PersonalDataErased = recorded.event
    if event.what == "client":
        once = [row["id"] for name in OF_PERSON for row in rows.find(t.leads, name, event.person)]
    else:
        once = [event.person] if event.what == "lead" else []
    for lead_id in once:
        rows.change(t.leads, lead_id, **BLANK)


def on_lead_rule_added(rows: Rows, recorded: Recorded) -> None:
    event: LeadRuleAdded = recorded.event
    rows.put(
        t.lead_rules,
        {
            "id": event.rule_id,
            "version": recorded.version,
            "assignees": as_json(event.assignees),
            "to_known_manager": event.to_known_manager,
            "contact_minutes": event.contact_minutes,
        },
    )


def on_lead_rule_changed(rows: Rows, recorded: Recorded) -> None:
    after = dict(recorded.event.after)
    if "assignees" in after:
        after["assignees"] = as_json(after["assignees"])
    rows.change(t.lead_rules, recorded.subject, version=recorded.version, **after)


def _change(rows: Rows, recorded: Recorded, **values: Any) -> None:
    rows.change(t.leads, recorded.subject, version=recorded.version, changed_at=recorded.recorded, **values)


LEADS = Projection(
    name="leads",
    tables=(t.leads, t.lead_candidates, t.lead_erasures),
    on={
        "clients": {
            "LeadCaptured": on_lead_captured,
            "LeadAssigned": on_lead_assigned,
            "LeadTaken": on_lead_taken,
            "LeadRejected": on_lead_rejected,
            "LeadConverted": on_lead_converted,
            "LeadDealOpened": on_lead_deal_opened,
            "LeadDealFailed": on_lead_deal_failed,
            "ErasureRequested": on_erasure_requested,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

LEAD_RULES = Projection(
    name="lead_rules",
    tables=(t.lead_rules,),
    on={"clients": {"LeadRuleAdded": on_lead_rule_added, "LeadRuleChanged": on_lead_rule_changed}},
)

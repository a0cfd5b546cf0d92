"""The relations register: events to rows."""

from collections.abc import Mapping
from typing import Any

from services.clients import tables as t
from services.clients.domain.interaction import COMPLAINT, EMPTY, PERSONAL
from services.clients.domain.search import searched
from services.clients.events.erasures import PersonalDataErased
from services.clients.events.interactions import InteractionChanged, InteractionCompleted, InteractionPlanned
from services.clients.projections.json import as_json
from services.kernel.clock import from_iso, to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

LISTS = ("participants", "contact_ids")
TIMES = ("starts_at", "ends_at")
SEARCHED = ("subject", "project", "goals", "content", "agreements", "improvement")


def on_interaction_planned(rows: Rows, recorded: Recorded) -> None:
    event: InteractionPlanned = recorded.event
    fields = _columns({**EMPTY, **event.details, **(event.personal or {})})
    rows.put(
        t.interactions,
        {
            "id": event.interaction_id,
            "version": recorded.version,
            "number": f"{recorded.position:09}",
            "client_id": event.client_id,
            "kind": event.kind,
            "state": "planned",
            "starts_at": to_micros(from_iso(event.starts_at)),
            "employee_id": event.employee_id,
            "author_id": recorded.actor,
            **fields,
            "searched": _searched(fields),
            "open_complaint": False,
            "recorded_at": recorded.recorded,
        },
    )
    for contact_id in event.details.get("contact_ids", ()):
        rows.put(t.interaction_contacts, {"interaction_id": event.interaction_id, "contact_id": contact_id})


def on_interaction_changed(rows: Rows, recorded: Recorded) -> None:
    event: InteractionChanged = recorded.event
    after = {**event.after, **(event.personal_after or {})}
    if "contact_ids" in after:
        for contact_id in event.before["contact_ids"]:
            rows.delete(t.interaction_contacts, (event.interaction_id, contact_id))
        for contact_id in after["contact_ids"]:
            rows.put(t.interaction_contacts, {"interaction_id": event.interaction_id, "contact_id": contact_id})
    _change(rows, recorded, after)


def on_interaction_completed(rows: Rows, recorded: Recorded) -> None:
    event: InteractionCompleted = recorded.event
    after = {**event.outcome, **(event.personal or {})}
    _change(rows, recorded, after, state="completed", open_complaint=event.kind == COMPLAINT)


def on_interaction_cancelled(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, {}, state="cancelled", reason=recorded.event.reason)


def on_complaint_resolved(rows: Rows, recorded: Recorded) -> None:
    _change(rows, recorded, {}, open_complaint=False, resolution=recorded.event.resolution)


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    event: PersonalDataErased = recorded.event
    if event.what == "client":
        left = {**{name: EMPTY[name] for name in PERSONAL}, "reason": None, "resolution": None, "searched": ""}
        for row in rows.find(t.interactions, "client_id", event.person):
            rows.change(t.interactions, row["id"], **left)


def _change(rows: Rows, recorded: Recorded, after: Mapping[str, Any], **values: Any) -> None:
    changed = _columns(after)
    held = {**(rows.get(t.interactions, recorded.subject) or {}), **changed}
    rows.change(
        t.interactions, recorded.subject, version=recorded.version, **changed, **values, searched=_searched(held)
    )


def _columns(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _column(name, value) for name, value in fields.items()}


def _column(name: str, value: Any) -> Any:
    if name in LISTS:
        return as_json(value or [])
    if name == "basis":
        return as_json(value) if value else None
    return to_micros(from_iso(value)) if name in TIMES and value else value


def _searched(fields: Mapping[str, Any]) -> str:
    return searched(fields.get(name) or "" for name in SEARCHED)


INTERACTIONS = Projection(
    name="interactions",
    tables=(t.interactions, t.interaction_contacts),
    on={
        "clients": {
            "InteractionPlanned": on_interaction_planned,
            "InteractionChanged": on_interaction_changed,
            "InteractionCompleted": on_interaction_completed,
            "InteractionCancelled": on_interaction_cancelled,
            "ComplaintResolved": on_complaint_resolved,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

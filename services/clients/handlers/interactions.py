"""The relations register: load, decide, append."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.clients.commands.interactions import (
    CancelInteraction,
    ChangeInteraction,
    CompleteInteraction,
    PlanInteraction,
    RecordInteraction,
    ResolveComplaint,
)
from services.clients.domain import interaction as interactions
from services.clients.handlers.aggregates import INTERACTION, TASK
from services.clients.handlers.clients import UnknownUser, existing_client, require_user
from services.clients.handlers.contacts import seen_contact
from services.clients.handlers.dictionaries import require_codes
from services.kernel.clock import from_iso, to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import Aggregate

DICTIONARIES = {
    "kind": "interaction_kinds",
    "result": "interaction_results",
    "complaint_subject": "complaint_subjects",
}


class UnknownBasis(Refusal):
    status = 422
    ru = "Основания {id} нет"
    en = "There is no {id} to be based on"


def plan_interaction(tools: Tools, command: PlanInteraction, context: Context) -> Written:
    command = _checked(tools, command, context)
    begun = tools.begin(INTERACTION, command.interaction_id)
    return tools.append(context, begun, interactions.plan_interaction(command))


def record_interaction(tools: Tools, command: RecordInteraction, context: Context) -> Written:
    command = replace(command, planned=_checked(tools, command.planned, context))
    _require_known(tools, command.outcome, {}, context)
    begun = tools.begin(INTERACTION, command.planned.interaction_id)
    events = interactions.record_interaction(command, to_iso(context.now))
    return tools.append(context, begun, events, occurred_at=from_iso(command.planned.starts_at))


def change_interaction(tools: Tools, command: ChangeInteraction, context: Context) -> Written:
    loaded = tools.load(INTERACTION, command.interaction_id, context)
    _require_known(tools, command.changes, {**loaded.state.fields, "kind": loaded.state.kind}, context)
    return tools.append(context, loaded, interactions.change_interaction(loaded.state, command))


def complete_interaction(tools: Tools, command: CompleteInteraction, context: Context) -> Written:
    loaded = tools.load(INTERACTION, command.interaction_id, context)
    _require_known(tools, command.outcome, loaded.state.fields, context)
    return tools.append(context, loaded, interactions.complete_interaction(loaded.state, command))


def cancel_interaction(tools: Tools, command: CancelInteraction, context: Context) -> Written:
    loaded = tools.load(INTERACTION, command.interaction_id, context)
    return tools.append(context, loaded, interactions.cancel_interaction(loaded.state, command))


def resolve_complaint(tools: Tools, command: ResolveComplaint, context: Context) -> Written:
    loaded = tools.load(INTERACTION, command.interaction_id, context)
    return tools.append(context, loaded, interactions.resolve_complaint(loaded.state, command))


def _checked(tools: Tools, command: PlanInteraction, context: Context) -> PlanInteraction:
    """Without anybody named it is the caller's own to hold, where he is a user."""
    existing_client(tools, command.client_id, context)
    _require_known(tools, {**command.fields, "kind": command.kind}, {}, context)
    if "employee_id" in command.fields:
        return command
    try:
        require_user(tools, "employee_id", context.actor)
    except UnknownUser:
        return command
    return replace(command, fields={**command.fields, "employee_id": context.actor})


def _require_known(tools: Tools, fields: Mapping[str, Any], held: Mapping[str, Any], context: Context) -> None:
    for name, dictionary in DICTIONARIES.items():
        if fields.get(name):
            require_codes(tools, name, dictionary, fields[name], held.get(name))
    require_user(tools, "employee_id", fields.get("employee_id"))
    for number, user_id in enumerate(fields.get("participants") or ()):
        require_user(tools, f"participants.{number}", user_id)
    for number, contact_id in enumerate(fields.get("contact_ids") or ()):
        if contact_id not in (held.get("contact_ids") or ()):
            seen_contact(tools, f"contact_ids.{number}", contact_id, context)
    basis = fields.get("basis")
    of_own: Mapping[str, Aggregate[Any]] = {"interaction": INTERACTION, "task": TASK}
    if basis and basis["resource"] in of_own and not tools.exists(of_own[basis["resource"]], basis["id"]):
        raise UnknownBasis.on("basis.id", id=basis["id"])

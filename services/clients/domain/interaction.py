"""An interaction with a client: planned, then completed or cancelled; a complaint is resolved besides.

Times are texts in UTC, as the clock writes them, so that they compare as they stand.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from services.clients.commands.interactions import (
    CancelInteraction,
    ChangeInteraction,
    CompleteInteraction,
    PlanInteraction,
    RecordInteraction,
    ResolveComplaint,
)
from services.clients.events.interactions import (
    ComplaintResolved,
    InteractionCancelled,
    InteractionChanged,
    InteractionCompleted,
    InteractionPlanned,
)
from services.kernel.errors import FieldError, Invalid, Refusal

Event = InteractionPlanned | InteractionChanged | InteractionCompleted | InteractionCancelled | ComplaintResolved
State = Literal["planned", "completed", "cancelled"]
COMPLAINT = "complaint"
# what is known beforehand, what comes of it, and which of these is free text
DETAILS: Mapping[str, Any] = {
    "direction": None,
    "ends_at": None,
    "contact_ids": [],
    "participants": [],
    "important": False,
    "basis": None,
    "complaint_subject": None,
}
TOLD: Mapping[str, Any] = {"subject": "", "project": "", "goals": "", "content": ""}
OUTCOME: Mapping[str, Any] = {"result": None, "satisfaction": None, "served_in_time": None}
SAID: Mapping[str, Any] = {"agreements": "", "improvement": ""}
PERSONAL = (*TOLD, *SAID)
EMPTY = {**DETAILS, **TOLD, **OUTCOME, **SAID}


class NotPlanned(Refusal):
    ru = "Взаимодействие уже {state_ru}"
    en = "The interaction is {state} already"


class NotAnOpenComplaint(Refusal):
    ru = "Это не жалоба, или она ещё не состоялась, или уже решена"
    en = "This is no complaint, or it has not taken place yet, or it is resolved already"


@dataclass(frozen=True, slots=True)
class Interaction:
    """`fields` are all but whom it is with, of which kind it is and when."""

    id: str
    client_id: str
    kind: str
    starts_at: str
    employee_id: str | None
    fields: Mapping[str, Any]
    state: State = "planned"
    resolved: bool = False


def plan_interaction(command: PlanInteraction) -> list[Event]:
    fields = dict(command.fields)
    employee = fields.pop("employee_id", None)
    _check_times(command.starts_at, fields.get("ends_at"))
    return [
        InteractionPlanned(
            command.interaction_id,
            command.client_id,
            command.kind,
            command.starts_at,
            employee,
            _filled(fields, DETAILS),
            _filled(fields, TOLD) or None,
        )
    ]


def record_interaction(command: RecordInteraction, now: str) -> list[Event]:
    planned = plan_interaction(command.planned)
    if command.planned.starts_at > now:
        ru, en = "Состоявшееся не бывает в будущем", "What has taken place is not in the future"
        raise Invalid([FieldError("starts_at", "in-the-future", ru, en)])
    return [*planned, *_completed(evolve(None, planned[0]), command.outcome)]


def change_interaction(interaction: Interaction, command: ChangeInteraction) -> list[Event]:
    if interaction.state == "cancelled":
        raise _not_planned(interaction)
    changes = dict(command.changes)
    if interaction.state == "planned":
        for name in (*OUTCOME, *SAID):
            if name in changes:
                ru, en = "Итог вносится, когда взаимодействие состоялось", "An outcome comes when it has taken place"
                raise Invalid([FieldError(name, "not-completed", ru, en)])
    held = {**interaction.fields, "kind": interaction.kind, "employee_id": interaction.employee_id}
    held["starts_at"] = interaction.starts_at
    if interaction.state == "completed" and COMPLAINT in (kinds := {held["kind"], changes.get("kind", held["kind"])}):
        _require_same(kinds)
    after = {name: value for name, value in changes.items() if held[name] != value}
    if not after:
        return []
    _check_times({**held, **after}["starts_at"], {**held, **after}["ends_at"])
    before = {name: held[name] for name in after}
    return [
        InteractionChanged(
            interaction.id,
            interaction.client_id,
            {name: value for name, value in before.items() if name not in PERSONAL},
            {name: value for name, value in after.items() if name not in PERSONAL},
            {name: value for name, value in before.items() if name in PERSONAL} or None,
            {name: value for name, value in after.items() if name in PERSONAL} or None,
        )
    ]


def _require_same(kinds: Collection[str]) -> None:
    """What was heard as a complaint is followed up as one; what was not, is recorded as one anew."""
    if len(kinds) > 1:
        ru, en = "Жалоба, которая состоялась, остаётся жалобой", "A complaint that was heard stays one"
        raise Invalid([FieldError("kind", "complaint-stays", ru, en)])


def complete_interaction(interaction: Interaction, command: CompleteInteraction) -> list[Event]:
    if interaction.state != "planned":
        raise _not_planned(interaction)
    return _completed(interaction, command.outcome)


def cancel_interaction(interaction: Interaction, command: CancelInteraction) -> list[Event]:
    if interaction.state != "planned":
        raise _not_planned(interaction)
    return [InteractionCancelled(interaction.id, interaction.client_id, command.reason or None)]


def resolve_complaint(interaction: Interaction, command: ResolveComplaint) -> list[Event]:
    if interaction.kind != COMPLAINT or interaction.state != "completed" or interaction.resolved:
        raise NotAnOpenComplaint
    return [ComplaintResolved(interaction.id, interaction.client_id, command.resolution)]


def evolve(interaction: Interaction | None, event: Event) -> Interaction:
    if isinstance(event, InteractionPlanned):
        fields = {**EMPTY, **event.details, **(event.personal or {})}
        return Interaction(
            event.interaction_id, event.client_id, event.kind, event.starts_at, event.employee_id, fields
        )
    assert interaction is not None
    match event:
        case InteractionChanged():
            return _changed(interaction, {**event.after, **(event.personal_after or {})})
        case InteractionCompleted():
            fields = {**interaction.fields, **event.outcome, **(event.personal or {})}
            return replace(interaction, state="completed", fields=fields)
        case InteractionCancelled():
            return replace(interaction, state="cancelled")
        case ComplaintResolved():
            return replace(interaction, resolved=True)


def _changed(interaction: Interaction, after: dict[str, Any]) -> Interaction:
    starts_at = after.pop("starts_at", interaction.starts_at)
    kind = after.pop("kind", interaction.kind)
    employee = after.pop("employee_id", interaction.employee_id)
    fields = {**interaction.fields, **after}
    return replace(interaction, starts_at=starts_at, kind=kind, employee_id=employee, fields=fields)


def _completed(interaction: Interaction, outcome: Mapping[str, Any]) -> list[Event]:
    said = {**_filled(outcome, SAID), **_filled(outcome, TOLD)}
    told = _filled(outcome, OUTCOME)
    return [
        InteractionCompleted(
            interaction.id, interaction.client_id, interaction.kind, interaction.employee_id, told, said or None
        )
    ]


def _filled(given: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given and given[name] != names[name]}


def _check_times(starts_at: str, ends_at: str | None) -> None:
    if ends_at is not None and ends_at < starts_at:
        ru, en = "Окончание раньше начала", "It ends before it begins"
        raise Invalid([FieldError("ends_at", "before-start", ru, en)])


def _not_planned(interaction: Interaction) -> NotPlanned:
    state_ru = {"planned": "запланировано", "completed": "завершено", "cancelled": "отменено"}[interaction.state]
    return NotPlanned(state=interaction.state, state_ru=state_ru)

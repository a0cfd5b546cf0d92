"""Who gets a lead: the manager of a known client, or whose turn it is."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from services.clients.commands.leads import AddLeadRule, ChangeLeadRule
from services.clients.events.leads import LeadRuleAdded, LeadRuleChanged, LeadTurnTaken

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class LeadRule:
    id: str
    assignees: tuple[str, ...] = ()
    to_known_manager: bool = True
    contact_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose it was."""

    user_id: str


def add_lead_rule(command: AddLeadRule) -> list[LeadRuleAdded]:
    return [LeadRuleAdded(command.rule_id, command.assignees, command.to_known_manager, command.contact_minutes)]


def change_lead_rule(rule: LeadRule, command: ChangeLeadRule) -> list[LeadRuleChanged]:
    after = {name: value for name, value in command.changes.items() if getattr(rule, name) != value}
    if not after:
        return []
    return [LeadRuleChanged(rule.id, {name: getattr(rule, name) for name in after}, after)]


def next_in_turn(assignees: Collection[str], last: str | None) -> list[str]:
    """All of them in the order of their turns, after the one whose it was last."""
    order = list(assignees)
    begin = order.index(last) + 1 if last in order else 0
    return order[begin:] + order[:begin]


def evolve(rule: LeadRule | None, event: LeadRuleAdded | LeadRuleChanged) -> LeadRule:
    if isinstance(event, LeadRuleAdded):
        return LeadRule(event.rule_id, event.assignees, event.to_known_manager, event.contact_minutes)
    assert rule is not None
    after: dict[str, Any] = dict(event.after)
    if "assignees" in after:
        after["assignees"] = tuple(after["assignees"])
    return replace(rule, **after)


def evolve_turn(_turn: Turn | None, event: LeadTurnTaken) -> Turn:
    return Turn(event.user_id)

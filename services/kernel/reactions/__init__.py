"""Reactions: what a service does outside its store when something has happened.

An effect is planned once for its cause, begun by an event before the outside is touched, and
ended by its outcome. Begun without an outcome it is unknown, and settled by its own rule.
"""

from services.kernel.reactions.declarations import (
    Arguments,
    DueCommand,
    Effect,
    Outcome,
    Plan,
    Reaction,
    Timer,
    Unclear,
)
from services.kernel.reactions.due import due_effects
from services.kernel.reactions.events import KERNEL_EVENTS
from services.kernel.reactions.operator import OpenEffect
from services.kernel.reactions.reactions import Reactions

__all__ = [
    "KERNEL_EVENTS",
    "Arguments",
    "DueCommand",
    "Effect",
    "OpenEffect",
    "Outcome",
    "Plan",
    "Reaction",
    "Reactions",
    "Timer",
    "Unclear",
    "due_effects",
]

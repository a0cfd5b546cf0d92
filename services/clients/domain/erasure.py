"""Forgetting a person: asked for once, done once."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from services.clients.events.erasures import ErasureRequested, PersonalDataErased
from services.kernel.errors import Refusal

Event = ErasureRequested | PersonalDataErased
What = Literal["client", "contact", "lead"]
WHATS: tuple[What, ...] = get_args(What)


class ErasedAlready(Refusal):
    ru = "Персональные данные уже стираются или стёрты"
    en = "The personal data are being erased, or are erased, already"


@dataclass(frozen=True, slots=True)
class Erasure:
    id: str
    what: What
    person: str
    whole: bool
    done: bool = False


def request_erasure(what: What, person: str, reason: str, *, whole: bool) -> list[ErasureRequested]:
    return [ErasureRequested(person, what, person, whole, reason)]


def complete_erasure(erasure: Erasure) -> list[PersonalDataErased]:
    return [] if erasure.done else [PersonalDataErased(erasure.id, erasure.what, erasure.person, erasure.whole)]


def evolve(erasure: Erasure | None, event: Event) -> Erasure:
    if isinstance(event, ErasureRequested):
        [what] = [what for what in WHATS if what == event.what]
        return Erasure(event.erasure_id, what, event.person, event.whole)
    assert erasure is not None
    return replace(erasure, done=True)

"""Forgetting a person: asked for once, done once."""

from dataclasses import dataclass, replace
from typing import Literal

from services.clients.events.erasures import ErasureRequested, PersonalDataErased
from services.kernel.errors import Refusal

Event = ErasureRequested | PersonalDataErased


class ErasedAlready(Refusal):
    ru = "Персональные данные уже стираются или стёрты"
    en = "The personal data are being erased, or are erased, already"


@dataclass(frozen=True, slots=True)
class Erasure:
    id: str
    what: Literal["client", "contact"]
    person: str
    whole: bool
    done: bool = False


def request_erasure(
    what: Literal["client", "contact"], person: str, reason: str, *, whole: bool
) -> list[ErasureRequested]:
    return [ErasureRequested(person, what, person, whole, reason)]


def complete_erasure(erasure: Erasure) -> list[PersonalDataErased]:
    return [] if erasure.done else [PersonalDataErased(erasure.id, erasure.what, erasure.person, erasure.whole)]


def evolve(erasure: Erasure | None, event: Event) -> Erasure:
    if isinstance(event, ErasureRequested):
        return Erasure(event.erasure_id, "contact" if event.what == "contact" else "client", event.person, event.whole)
    assert erasure is not None
    return replace(erasure, done=True)

"""A hand-over: the open deals of one user become another's, and may come back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.deals.commands import ChangeDeal
from services.deals.domain.deal import Deal, change_deal
from services.deals.domain.deal import Event as DealEvent
from services.deals.domain.pipeline import pipeline_of
from services.deals.events import DealHandOverStarted, DealsHandedOver, HandedDeal

Event = DealHandOverStarted | DealsHandedOver
HANDED, UNCHANGED, CONFLICT, REFUSED = "handed_over", "unchanged", "conflict", "refused"
OUTCOMES = (HANDED, UNCHANGED, CONFLICT, REFUSED)


@dataclass(frozen=True, slots=True)
class HandOver:
    """`handed` are the deals that went over."""

    id: str
    started_by: str
    user_id: str
    successor_id: str
    deal_ids: tuple[str, ...]
    reverts: str | None = None
    done: int = 0
    handed: tuple[str, ...] = ()


def take_back(hand_over: HandOver, by: str, actor: str) -> DealHandOverStarted:
    """What went over goes back; the last first."""
    deals = tuple(reversed(hand_over.handed))
    return DealHandOverStarted(by, actor, hand_over.successor_id, hand_over.user_id, deals, reverts=hand_over.id)


def note_handed(hand_over: HandOver, results: Sequence[HandedDeal]) -> list[DealsHandedOver]:
    if not results:
        return []
    return [DealsHandedOver(hand_over.id, hand_over.done + len(results), tuple(results))]


def hand_deal(deal: Deal, hand_over: HandOver) -> tuple[str, list[DealEvent]]:
    """The outcome, and what happens to the deal. One that is closed stays with who closed it."""
    manager = deal.fields["manager_id"]
    if manager == hand_over.successor_id or pipeline_of(deal.pipeline).closes(deal.stage):
        return UNCHANGED, []
    if manager != hand_over.user_id:
        return CONFLICT, []
    return HANDED, list(change_deal(deal, ChangeDeal(deal.id, {"manager_id": hand_over.successor_id})))


def evolve(hand_over: HandOver | None, event: Event) -> HandOver:
    match event:
        case DealHandOverStarted():
            return HandOver(
                event.operation_id,
                event.started_by,
                event.user_id,
                event.successor_id,
                event.deal_ids,
                event.reverts,
            )
        case DealsHandedOver():
            assert hand_over is not None
            handed = tuple(result.deal_id for result in event.results if result.outcome == HANDED)
            return replace(hand_over, done=event.done, handed=hand_over.handed + handed)

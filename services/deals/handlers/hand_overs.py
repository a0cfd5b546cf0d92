"""The deals' part of a hand-over: begun when clients begin theirs, taken through chunk by chunk, taken back."""

from collections.abc import Sequence

from services.deals.domain import hand_over as hand_overs
from services.deals.domain.hand_over import REFUSED, HandOver
from services.deals.events import DealHandOverStarted, HandedDeal
from services.deals.handlers.deals import DEAL, HAND_OVER, UnknownUser
from services.deals.queries import open_deals_of, user_is_active
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Outcome, Plan
from services.kernel.store.claims import StreamEvents

CHUNK = 50
MOST = 10_000
GOING_ON = ("DealHandOverStarted", "DealsHandedOver")


class NotThrough(Refusal):
    ru = "Передача ещё выполняется"
    en = "The hand-over is still under way"


def on_hand_over_started(message: Message, _tools: Tools) -> Sequence[Plan]:
    told = {name: message.data[name] for name in ("operation_id", "started_by", "user_id", "successor_id")}
    return [Plan("begin_hand_over", told)]


def on_hand_over_reverted(message: Message, _tools: Tools) -> Sequence[Plan]:
    told = {name: message.data[name] for name in ("operation_id", "reverted_by")}
    return [Plan("begin_hand_back", {**told, "started_by": message.actor})]


def run_begin_hand_over(arguments: Arguments, tools: Tools, _context: Context) -> Outcome:
    """Which deals are his to hand over is looked up now."""
    if tools.exists(HAND_OVER, arguments["operation_id"]):
        return Outcome()
    with tools.read() as connection:
        deals = open_deals_of(connection, arguments["user_id"], MOST)
    return _begun(DealHandOverStarted(**arguments, deal_ids=tuple(deals)))


def run_begin_hand_back(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """What is not begun or not through yet is tried again."""
    if tools.exists(HAND_OVER, arguments["reverted_by"]):
        return Outcome()
    handed = tools.load(HAND_OVER, arguments["operation_id"], context).state
    if handed.done < len(handed.deal_ids):
        raise NotThrough
    return _begun(hand_overs.take_back(handed, arguments["reverted_by"], arguments["started_by"]))


def _begun(started: DealHandOverStarted) -> Outcome:
    return Outcome([StreamEvents(HAND_OVER.stream(started.operation_id), 0, [started])])


def on_hand_over_going_on(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("hand_over_deals", {"operation_id": recorded.subject})]


def run_hand_over_deals(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The next deals, all of them or none, with what became of each."""
    tools.catch_up("gateway")

    def decide() -> list[StreamEvents]:
        running = tools.load(HAND_OVER, arguments["operation_id"], context)
        ids = running.state.deal_ids[running.state.done : running.state.done + CHUNK]
        results, changed = [], []
        for deal_id in ids:
            result, events = _hand(tools, running.state, deal_id, context)
            results.append(result)
            changed += events
        return [*changed, StreamEvents(running.stream, running.version, hand_overs.note_handed(running.state, results))]

    return Outcome(decide)


def _hand(tools: Tools, running: HandOver, deal_id: str, context: Context) -> tuple[HandedDeal, list[StreamEvents]]:
    deal = tools.load(DEAL, deal_id, context)
    outcome, events = hand_overs.hand_deal(deal.state, running)
    if not events:
        return HandedDeal(deal_id, outcome), []
    with tools.read() as connection:
        active = user_is_active(connection, running.successor_id)
    if not active:
        problem = UnknownUser(user_id=running.successor_id).problem()
        return HandedDeal(deal_id, REFUSED, problem.type, problem.ru, problem.en), []
    return HandedDeal(deal_id, outcome), [StreamEvents(deal.stream, deal.version, events)]

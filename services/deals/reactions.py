"""What deals do when something has happened: payments noted, deals handed over."""

from collections.abc import Sequence
from decimal import Decimal

from services.deals.commands import RecordDealPayment
from services.deals.domain.deal import record_deal_payment
from services.deals.handlers.deals import DEAL
from services.deals.handlers.hand_overs import (
    GOING_ON,
    on_hand_over_going_on,
    on_hand_over_reverted,
    on_hand_over_started,
    run_begin_hand_back,
    run_begin_hand_over,
    run_hand_over_deals,
)
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.claims import StreamEvents


def on_payment_allocated(message: Message, _tools: Tools) -> Sequence[Plan]:
    facts = {name: message.data[name] for name in ("deal_id", "paid", "open")}
    return [Plan("record_deal_payment", {"invoice_id": message.subject, "version": message.version, **facts})]


def on_allocation_cancelled(message: Message, tools: Tools) -> Sequence[Plan]:
    return on_payment_allocated(message, tools)


def run_record_deal_payment(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    money = (Decimal(arguments[name]) for name in ("paid", "open"))
    command = RecordDealPayment(arguments["deal_id"], arguments["invoice_id"], arguments["version"], *money)

    def decide() -> list[StreamEvents]:
        deal = tools.load(DEAL, command.deal_id, context)
        return [StreamEvents(deal.stream, deal.version, record_deal_payment(deal.state, command))]

    return Outcome(decide)


REACTIONS = (
    Reaction(
        "record_deal_payment",
        source="documents",
        on={"PaymentAllocated": on_payment_allocated, "AllocationCancelled": on_allocation_cancelled},
    ),
    Reaction(
        "begin_hand_over",
        source="clients",
        on={"HandOverStarted": on_hand_over_started, "HandOverReverted": on_hand_over_reverted},
    ),
    Reaction("hand_over_deals", source="deals", on=dict.fromkeys(GOING_ON, on_hand_over_going_on)),
)
EFFECTS = (
    Effect("record_deal_payment", run_record_deal_payment, on_unknown="repeat"),
    Effect("begin_hand_over", run_begin_hand_over, on_unknown="repeat"),
    Effect("begin_hand_back", run_begin_hand_back, on_unknown="repeat", attempts=20),
    Effect("hand_over_deals", run_hand_over_deals, on_unknown="repeat", attempts=20),
)

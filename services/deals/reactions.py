"""What deals do when others say something."""

from collections.abc import Sequence
from decimal import Decimal

from services.deals.commands import RecordDealPayment
from services.deals.domain.deal import record_deal_payment
from services.deals.handlers import DEAL
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
)
EFFECTS = (Effect("record_deal_payment", run_record_deal_payment, on_unknown="repeat"),)

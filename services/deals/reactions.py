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


def on_invoice_paid(message: Message, _tools: Tools) -> Sequence[Plan]:
    paid = {"deal_id": message.data["deal_id"], "invoice_id": message.subject, "amount": message.data["amount"]}
    return [Plan("record_deal_payment", paid)]


def run_record_deal_payment(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    command = RecordDealPayment(arguments["deal_id"], arguments["invoice_id"], Decimal(arguments["amount"]))

    def decide() -> list[StreamEvents]:
        deal = tools.load(DEAL, command.deal_id, context)
        return [StreamEvents(deal.stream, deal.version, record_deal_payment(deal.state, command))]

    return Outcome(decide)


REACTIONS = (Reaction("record_deal_payment", source="documents", on={"InvoicePaid": on_invoice_paid}),)
EFFECTS = (Effect("record_deal_payment", run_record_deal_payment, on_unknown="repeat"),)

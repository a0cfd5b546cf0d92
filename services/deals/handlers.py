"""Load, decide, append: one function per command."""

from services.deals.commands import ChangeDeal, ChangeDealStage, OpenDeal, RecordDealPayment
from services.deals.domain import deal as deals
from services.deals.queries import client_is_known
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import Aggregate

DEAL: Aggregate[deals.Deal] = Aggregate("deal", deals.Deal, deals.evolve)


class UnknownClient(Refusal):
    status = 422
    ru = "Клиента {client_id} нет"
    en = "There is no client {client_id}"


def open_deal(tools: Tools, command: OpenDeal, context: Context) -> Written:
    tools.require("clients", lambda read: client_is_known(read, command.client_id), _unknown(command.client_id))
    return tools.append(context, tools.begin(DEAL, command.deal_id), deals.open_deal(command))


def change_deal(tools: Tools, command: ChangeDeal, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    return tools.append(context, loaded, deals.change_deal(loaded.state, command))


def change_deal_stage(tools: Tools, command: ChangeDealStage, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    return tools.append(context, loaded, deals.change_deal_stage(loaded.state, command))


def record_deal_payment(tools: Tools, command: RecordDealPayment, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    return tools.append(context, loaded, deals.record_deal_payment(loaded.state, command))


def _unknown(client_id: str) -> UnknownClient:
    return UnknownClient.on("client_id", client_id=client_id)

"""Load, decide, append: one function per command."""

from services.deals.commands import ChangeDeal, ChangeDealStage, OpenDeal, RecordDealPayment
from services.deals.domain import deal as deals
from services.deals.domain.hand_over import HandOver
from services.deals.domain.hand_over import evolve as evolve_hand_over
from services.deals.queries import client_is_known, organisation_is_known, user_is_active
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import Aggregate

DEAL: Aggregate[deals.Deal] = Aggregate("deal", deals.Deal, deals.evolve)
HAND_OVER: Aggregate[HandOver] = Aggregate("hand_over", HandOver, evolve_hand_over)


class UnknownClient(Refusal):
    status = 422
    ru = "Клиента {client_id} нет"
    en = "There is no client {client_id}"


class UnknownUser(Refusal):
    status = 422
    ru = "Пользователя {user_id} нет или он отключён"
    en = "There is no user {user_id}, or he is deactivated"


class UnknownOrganisation(Refusal):
    status = 422
    ru = "Организации {organisation_id} нет"
    en = "There is no organisation {organisation_id}"


def open_deal(tools: Tools, command: OpenDeal, context: Context) -> Written:
    unknown = UnknownClient.on("client_id", client_id=command.client_id)
    tools.require("clients", lambda read: client_is_known(read, command.client_id, context.rights), unknown)
    _require_manager(tools, command.manager_id)
    _require_organisation(tools, command.organisation_id)
    return tools.append(context, tools.begin(DEAL, command.deal_id), deals.open_deal(command))


def change_deal(tools: Tools, command: ChangeDeal, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    _require_manager(tools, command.changes.get("manager_id"))
    _require_organisation(tools, command.changes.get("organisation_id"))
    return tools.append(context, loaded, deals.change_deal(loaded.state, command))


def change_deal_stage(tools: Tools, command: ChangeDealStage, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    return tools.append(context, loaded, deals.change_deal_stage(loaded.state, command))


def record_deal_payment(tools: Tools, command: RecordDealPayment, context: Context) -> Written:
    loaded = tools.load(DEAL, command.deal_id, context)
    return tools.append(context, loaded, deals.record_deal_payment(loaded.state, command))


def _require_manager(tools: Tools, user_id: str | None) -> None:
    if user_id is not None:
        refusal = UnknownUser.on("manager_id", user_id=user_id)
        tools.require("gateway", lambda read: user_is_active(read, user_id), refusal)


def _require_organisation(tools: Tools, organisation_id: str | None) -> None:
    if organisation_id is not None:
        refusal = UnknownOrganisation.on("organisation_id", organisation_id=organisation_id)
        tools.require("documents", lambda read: organisation_is_known(read, organisation_id), refusal)

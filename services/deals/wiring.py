"""The deals service's table of contents."""

from services.deals import events, queries, schemas
from services.deals.handlers import deals as handlers
from services.deals.projections import ACTIVE_USERS, DEALS, HAND_OVERS, KNOWN_CLIENTS, KNOWN_ORGANISATIONS
from services.deals.published import CONTRACT, PUBLISHED
from services.deals.reactions import EFFECTS, REACTIONS
from services.kernel.commands import CommandSpec
from services.kernel.lists import ListSchema
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="deals",
    events=(
        events.DealOpened,
        events.DealChanged,
        events.DealStageChanged,
        events.DealWon,
        events.DealLost,
        events.DealPaymentChanged,
        events.DealPaid,
        events.DealHandOverStarted,
        events.DealsHandedOver,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "open_deal": CommandSpec(schemas.OpenDealSchema, handlers.open_deal, answer="get_deal", changes=False),
        "change_deal": CommandSpec(schemas.ChangeDealSchema, handlers.change_deal, answer="get_deal"),
        "change_deal_stage": CommandSpec(schemas.ChangeDealStageSchema, handlers.change_deal_stage, answer="get_deal"),
    },
    queries={
        "get_deal": one(schemas.GetDealSchema, queries.DEALS, schemas.DealView),
        "list_deal_history": history(schemas.GetDealSchema, queries.DEALS),
        "list_deals": many(schemas.ListDealsSchema, queries.DEALS, schemas.DealView),
        "list_handed_deals": QuerySpec(
            schemas.ListHandedDealsSchema,
            queries.list_handed_deals,
            schemas.HandedDealView,
            many=True,
            resource=queries.HANDED_DEALS,
        ),
        "list_pipelines": QuerySpec(ListSchema, queries.list_pipelines, schemas.PipelineView, many=True),
    },
    projections=(DEALS, HAND_OVERS, KNOWN_CLIENTS, KNOWN_ORGANISATIONS, ACTIVE_USERS),
    reactions=REACTIONS,
    effects=EFFECTS,
    hears=("clients", "documents", "gateway"),
)

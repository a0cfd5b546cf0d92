"""The relations register: what can be asked about it."""

from collections.abc import Mapping

from services.clients.handlers import interactions as handlers
from services.clients.queries.interactions import INTERACTIONS, list_interactions
from services.clients.schemas import interactions as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, one

COMMANDS: Mapping[str, CommandSpec] = {
    "plan_interaction": CommandSpec(
        schemas.PlanInteractionSchema, handlers.plan_interaction, answer="get_interaction", changes=False
    ),
    "record_interaction": CommandSpec(
        schemas.RecordInteractionSchema, handlers.record_interaction, answer="get_interaction", changes=False
    ),
    "change_interaction": CommandSpec(
        schemas.ChangeInteractionSchema, handlers.change_interaction, answer="get_interaction"
    ),
    "complete_interaction": CommandSpec(
        schemas.CompleteInteractionSchema, handlers.complete_interaction, answer="get_interaction"
    ),
    "cancel_interaction": CommandSpec(
        schemas.CancelInteractionSchema, handlers.cancel_interaction, answer="get_interaction"
    ),
    "resolve_complaint": CommandSpec(
        schemas.ResolveComplaintSchema, handlers.resolve_complaint, answer="get_interaction"
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_interaction": one(schemas.GetInteractionSchema, INTERACTIONS, schemas.InteractionView),
    "list_interaction_history": history(schemas.GetInteractionSchema, INTERACTIONS),
    "list_interactions": QuerySpec(
        schemas.ListInteractionsSchema,
        list_interactions,
        schemas.InteractionView,
        many=True,
        resource=INTERACTIONS,
    ),
}

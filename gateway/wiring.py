"""The gateway's own table of contents: users and keys."""

from gateway import events, handlers, queries, schemas
from gateway.projections import ACCESS
from gateway.published import CONTRACT, PUBLISHED
from gateway.subscribers import calls as subscribers
from gateway.subscribers.keeper import Keeper
from services.kernel.commands import CommandSpec
from services.kernel.lists import ResourceListSchema
from services.kernel.wiring import Service, many, one

SERVICE = Service(
    name="gateway",
    events=(
        events.UserCreated,
        events.UserDeactivated,
        events.ApiKeyCreated,
        events.ApiKeyRevoked,
        *subscribers.EVENTS,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        **subscribers.COMMANDS,
        "create_user": CommandSpec(schemas.CreateUserSchema, handlers.create_user, "get_user", changes=False),
        "deactivate_user": CommandSpec(schemas.DeactivateUserSchema, handlers.deactivate_user, "get_user"),
        "create_api_key": CommandSpec(
            schemas.CreateApiKeySchema, handlers.create_api_key, "get_api_key", changes=False
        ),
        "revoke_api_key": CommandSpec(schemas.RevokeApiKeySchema, handlers.revoke_api_key, "get_api_key"),
    },
    queries={
        **subscribers.QUERIES,
        "get_user": one(schemas.GetUserSchema, queries.USERS, schemas.UserView),
        "list_users": many(ResourceListSchema, queries.USERS, schemas.UserView),
        "get_api_key": one(schemas.GetApiKeySchema, queries.API_KEYS, schemas.ApiKeyView),
        "list_api_keys": many(ResourceListSchema, queries.API_KEYS, schemas.ApiKeyView),
    },
    projections=(ACCESS, subscribers.PROJECTION),
    workers=(Keeper,),
)

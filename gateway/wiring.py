"""The gateway's own table of contents: users and keys."""

from gateway import events, handlers, queries, schemas
from gateway.projections import ACCESS
from gateway.published import CONTRACT, PUBLISHED
from services.kernel.commands import CommandSpec
from services.kernel.lists import ListSchema
from services.kernel.wiring import QuerySpec, Service

SERVICE = Service(
    name="gateway",
    events=(events.UserCreated, events.UserDeactivated, events.ApiKeyCreated, events.ApiKeyRevoked),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_user": CommandSpec(schemas.CreateUserSchema, handlers.create_user, "get_user", changes=False),
        "deactivate_user": CommandSpec(schemas.DeactivateUserSchema, handlers.deactivate_user, "get_user"),
        "create_api_key": CommandSpec(
            schemas.CreateApiKeySchema, handlers.create_api_key, "get_api_key", changes=False
        ),
        "revoke_api_key": CommandSpec(schemas.RevokeApiKeySchema, handlers.revoke_api_key, "get_api_key"),
    },
    queries={
        "get_user": QuerySpec(schemas.GetUserSchema, queries.get_user, schemas.UserView),
        "list_users": QuerySpec(ListSchema, queries.list_users, schemas.UserView, many=True),
        "get_api_key": QuerySpec(schemas.GetApiKeySchema, queries.get_api_key, schemas.ApiKeyView),
        "list_api_keys": QuerySpec(ListSchema, queries.list_api_keys, schemas.ApiKeyView, many=True),
    },
    projections=(ACCESS,),
)

"""The clients service's table of contents."""

from services.clients import events, handlers, queries, schemas
from services.clients.projections import CLIENTS
from services.clients.published import CONTRACT, PUBLISHED
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, Service

SERVICE = Service(
    name="clients",
    events=(events.ClientCreated, events.ClientChanged, events.ClientAssigned),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_client": CommandSpec(
            schemas.CreateClientSchema, handlers.create_client, answer="get_client", changes=False
        ),
        "change_client": CommandSpec(schemas.ChangeClientSchema, handlers.change_client, answer="get_client"),
        "assign_client": CommandSpec(schemas.AssignClientSchema, handlers.assign_client, answer="get_client"),
    },
    queries={
        "get_client": QuerySpec(schemas.GetClientSchema, queries.get_client, schemas.ClientView),
        "list_clients": QuerySpec(schemas.ListClientsSchema, queries.list_clients, schemas.ClientView, many=True),
    },
    projections=(CLIENTS,),
)

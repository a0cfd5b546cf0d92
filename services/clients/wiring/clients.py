"""Clients: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import clients as handlers
from services.clients.queries.clients import CLIENTS, list_clients
from services.clients.schemas import clients as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, one

COMMANDS: Mapping[str, CommandSpec] = {
    "create_client": CommandSpec(
        schemas.CreateClientSchema, handlers.create_client, answer="get_client", changes=False
    ),
    "change_client": CommandSpec(schemas.ChangeClientSchema, handlers.change_client, answer="get_client"),
    "assign_client": CommandSpec(schemas.AssignClientSchema, handlers.assign_client, answer="get_client"),
    "check_client": CommandSpec(schemas.CheckClientSchema, handlers.check_client, answer="get_client"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_client": one(schemas.GetClientSchema, CLIENTS, schemas.ClientView),
    "list_client_history": history(schemas.GetClientSchema, CLIENTS),
    "list_clients": QuerySpec(
        schemas.ListClientsSchema,
        list_clients,
        schemas.ClientView,
        many=True,
        resource=CLIENTS,
    ),
}

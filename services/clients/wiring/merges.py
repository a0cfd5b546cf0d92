"""Clients that are one: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import merges as handlers
from services.clients.queries.merges import MERGES, list_duplicates
from services.clients.schemas import merges as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, many

COMMANDS: Mapping[str, CommandSpec] = {
    "merge_clients": CommandSpec(schemas.MergeClientsSchema, handlers.merge_clients, answer="get_client"),
    "unmerge_clients": CommandSpec(schemas.UnmergeClientsSchema, handlers.unmerge_clients, answer="get_client"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "list_merges": many(schemas.ListMergesSchema, MERGES, schemas.MergeView),
    "list_duplicates": QuerySpec(schemas.ListDuplicatesSchema, list_duplicates, schemas.DuplicatesView, many=True),
}

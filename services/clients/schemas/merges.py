"""Clients that are one: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.card import CARD
from services.clients.commands.merges import MergeClients, UnmergeClients
from services.clients.schemas.clients import KINDS
from services.kernel.commands import CommandSchema
from services.kernel.lists import ListSchema, ResourceListSchema
from services.kernel.schemas import EventSchema, Id

CHOICES = ("kept", "merged", "both")
BY = ("email", "inn", "name", "phone")


def _chosen() -> ma.fields.Dict:
    told = "Whose value a field of the card gets; nothing chosen: the kept one's where it has one, of lists both"
    return ma.fields.Dict(
        keys=ma.fields.String(validate=validate.OneOf(CARD)),
        values=ma.fields.String(validate=validate.OneOf(CHOICES)),
        validate=validate.Length(max=len(CARD)),
        metadata={"description": told},
    )


class MergeClientsSchema(CommandSchema):
    command = MergeClients

    client_id = Id(required=True, metadata={"description": "The client that stays"})
    merged_id = Id(required=True, metadata={"description": "The client that becomes another name for it"})
    choices = _chosen()


class UnmergeClientsSchema(CommandSchema):
    command = UnmergeClients

    client_id = Id(required=True)
    merged_id = Id(required=True)


def _names(told: str) -> Any:
    return ma.fields.List(ma.fields.String(), required=True, metadata={"description": told})


class MergeView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    client_id = ma.fields.String(required=True)
    merged_id = ma.fields.String(required=True)
    moved = _names("All ids that came to stand for the client: the merged one's, and those that stood for it")
    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields", attribute="fields")
    merged_at = ma.fields.AwareDateTime(required=True)
    merged_by = ma.fields.String(required=True)
    unmerged_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    unmerged_by = ma.fields.String(required=True, allow_none=True)
    given_back = _names("Fields of the card that got their value back when the clients were taken apart")
    left = _names("Fields that had been edited since, and stayed as they were")


class ListMergesSchema(ResourceListSchema):
    client_id = Id()
    merged_id = Id()


class DuplicateView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=validate.OneOf(KINDS))
    name = ma.fields.String(required=True, allow_none=True)
    inn = ma.fields.String(required=True, allow_none=True)
    kpp = ma.fields.String(required=True)
    manager_id = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class DuplicatesView(ma.Schema):
    """Clients that may be one."""

    by = ma.fields.String(
        required=True, validate=validate.OneOf(BY), metadata={"description": "What they have in common"}
    )
    count = ma.fields.Integer(required=True)
    clients = ma.fields.List(
        ma.fields.Nested(DuplicateView), required=True, metadata={"description": "The first twenty, oldest first"}
    )


class ListDuplicatesSchema(ListSchema):
    by = ma.fields.String(validate=validate.OneOf(BY))


class ClientsMergedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    merged_id = ma.fields.String(required=True)
    moved = ma.fields.List(ma.fields.String(), required=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields")


class ClientsUnmergedSchema(ClientsMergedSchema):
    left = ma.fields.List(ma.fields.String(), required=True)

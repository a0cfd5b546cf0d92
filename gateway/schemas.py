"""The edge: commands in, views out, and the contract of public events."""

import marshmallow as ma
from marshmallow import validate

from gateway.commands import CreateApiKey, CreateUser, DeactivateUser, RevokeApiKey
from gateway.roles import ROLES
from services.kernel.commands import CommandSchema
from services.kernel.schemas import EmailText, EventSchema, Id, Text


class CreateUserSchema(CommandSchema):
    command = CreateUser

    name = Text(200, required=True, min_length=1)
    email = EmailText()
    role = ma.fields.String(required=True, validate=validate.OneOf(sorted(ROLES)))


class DeactivateUserSchema(CommandSchema):
    command = DeactivateUser

    user_id = Id(required=True)


class CreateApiKeySchema(CommandSchema):
    command = CreateApiKey

    user_id = Id(required=True)
    name = Text(200, required=True, min_length=1)


class RevokeApiKeySchema(CommandSchema):
    command = RevokeApiKey

    key_id = Id(required=True)


class UserView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


class ApiKeyView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    user_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    key = ma.fields.String(metadata={"description": "The key itself, told once, when it is created"})


class GetUserSchema(ma.Schema):
    user_id = Id(required=True)


class GetApiKeySchema(ma.Schema):
    key_id = Id(required=True)


class UserCreatedSchema(EventSchema):
    user_id = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    email = ma.fields.String(allow_none=True)


class UserDeactivatedSchema(EventSchema):
    user_id = ma.fields.String(required=True)

"""What is asked for, and what is shown."""

import marshmallow as ma
from marshmallow import validate

from gateway.roles import SCOPES
from services.kernel.schemas import Id

_ONCE = {"description": "Told once, in the answer to the request that made it"}


class UserView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    email = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    invited_until = ma.fields.AwareDateTime(required=True, allow_none=True)
    password_set_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    invitation = ma.fields.String(metadata=_ONCE)


class ApiKeyView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    user_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    prefix = ma.fields.String(required=True, metadata={"description": "How the key begins"})
    scopes = ma.fields.List(ma.fields.String(), required=True, allow_none=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    last_used_at = ma.fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "To the hour: not every use is recorded"}
    )
    former_until = ma.fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Until when the secret before the last one opens"}
    )
    key = ma.fields.String(metadata=_ONCE)


class SessionView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    user_id = ma.fields.String(required=True)
    address = ma.fields.String(required=True, allow_none=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    last_used_at = ma.fields.AwareDateTime(required=True)
    csrf_token = ma.fields.String(metadata={"description": "To be sent as X-CSRF-Token with every write"})


class RoleView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    built_in = ma.fields.Boolean(required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    rows = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(validate=validate.OneOf(SCOPES)), required=True
    )
    masked = ma.fields.List(ma.fields.String(), required=True)


class TeamView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    members = ma.fields.List(ma.fields.String(), required=True)


class AccessLogEntryView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    at = ma.fields.AwareDateTime(required=True)
    type = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    actor = ma.fields.String(required=True)
    user_id = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True)
    details = ma.fields.Dict(required=True)


class GetUserSchema(ma.Schema):
    user_id = Id(required=True)


class GetApiKeySchema(ma.Schema):
    key_id = Id(required=True)


class GetSessionSchema(ma.Schema):
    session_id = Id(required=True)


class GetRoleSchema(ma.Schema):
    role_id = Id(required=True)


class GetTeamSchema(ma.Schema):
    team_id = Id(required=True)

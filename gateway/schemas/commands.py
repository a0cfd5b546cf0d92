"""Commands as they come in."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import validate

from gateway.commands import (
    AcceptInvitation,
    BeginBulk,
    BeginSession,
    ChangePassword,
    ChangeRole,
    ChangeTeam,
    ChangeUserRole,
    CreateApiKey,
    CreateRole,
    CreateTeam,
    CreateUser,
    DeactivateUser,
    EndSession,
    InviteUser,
    RevokeApiKey,
    RoleFields,
    RotateApiKey,
)
from gateway.domain.team import MOST_MEMBERS
from gateway.roles import MASKED, ROW_RESOURCES, SCOPES
from gateway.routes import PERMISSIONS
from services.kernel.commands import CommandSchema
from services.kernel.schemas import EmailText, Id, Text
from services.kernel.validation import Wrong

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
MOST_IN_BULK = 500


class RoleId(Text):
    """A name to write into rules and files."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(40, min_length=1, metadata={"pattern": "^[a-z][a-z0-9_]*$"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not re.fullmatch("[a-z][a-z0-9_]*", text):
            ru = "Только строчные латинские буквы, цифры и подчёркивание, первой — буква"
            raise Wrong("wrong-role-id", ru, "Only lower-case Latin letters, digits and underscores, a letter first")
        return text


class Password(Text):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LONGEST_PASSWORD, min_length=SHORTEST_PASSWORD, **kwargs)


class CreateUserSchema(CommandSchema):
    command = CreateUser

    name = Text(200, required=True, min_length=1)
    email = EmailText()
    role = Id(required=True)


class ChangeUserRoleSchema(CommandSchema):
    command = ChangeUserRole

    user_id = Id(required=True)
    role = Id(required=True)


class DeactivateUserSchema(CommandSchema):
    command = DeactivateUser

    user_id = Id(required=True)


class InviteUserSchema(CommandSchema):
    command = InviteUser

    user_id = Id(required=True)


class AcceptInvitationSchema(CommandSchema):
    command = AcceptInvitation

    token = Text(200, required=True, min_length=1)
    password = Password(required=True)


class ChangePasswordSchema(CommandSchema):
    command = ChangePassword

    current_password = Text(LONGEST_PASSWORD, required=True, min_length=1)
    new_password = Password(required=True)


class BeginSessionSchema(CommandSchema):
    command = BeginSession

    email = Text(254, required=True, min_length=1)
    password = Text(LONGEST_PASSWORD, required=True, min_length=1)
    address = Text(64)


class EndSessionSchema(CommandSchema):
    command = EndSession

    session_id = Id(required=True)


class CreateApiKeySchema(CommandSchema):
    command = CreateApiKey

    user_id = Id(required=True)
    name = Text(200, required=True, min_length=1)
    scopes = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(PERMISSIONS)),
        allow_none=True,
        validate=validate.Length(max=len(PERMISSIONS)),
        metadata={"description": "The permissions of the key, of those of its user; null for all of them"},
    )
    expires_at = ma.fields.AwareDateTime(allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateApiKey:
        scopes = data.pop("scopes", None)
        return CreateApiKey(scopes=None if scopes is None else tuple(scopes), **data)


class RotateApiKeySchema(CommandSchema):
    command = RotateApiKey

    key_id = Id(required=True)


class RevokeApiKeySchema(CommandSchema):
    command = RevokeApiKey

    key_id = Id(required=True)


def _scope() -> ma.fields.String:
    return ma.fields.String(validate=validate.OneOf(SCOPES))


class _Strict(ma.Schema):
    class Meta:
        unknown = ma.RAISE


# whose rows of each resource; of one that is not named, only one's own
RowsSchema: type[ma.Schema] = _Strict.from_dict({resource: _scope() for resource in ROW_RESOURCES}, name="RowsSchema")


class RoleFieldsSchema(ma.Schema):
    name = Text(200, required=True, min_length=1)
    permissions = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(PERMISSIONS)),
        required=True,
        validate=validate.Length(max=len(PERMISSIONS)),
    )
    rows = ma.fields.Nested(RowsSchema, load_default=dict)
    masked = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(MASKED)), validate=validate.Length(max=len(MASKED))
    )


def _role_fields(data: dict[str, Any]) -> RoleFields:
    return RoleFields(data["name"], tuple(data["permissions"]), data["rows"], tuple(data.get("masked", ())))


class CreateRoleSchema(CommandSchema, RoleFieldsSchema):
    command = CreateRole

    id = RoleId(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateRole:
        return CreateRole(data["id"], _role_fields(data))


class ChangeRoleSchema(CommandSchema, RoleFieldsSchema):
    command = ChangeRole

    role_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeRole:
        return ChangeRole(data["role_id"], _role_fields(data))


class TeamFieldsSchema(ma.Schema):
    name = Text(200, required=True, min_length=1)
    members = ma.fields.List(Id(), required=True, validate=validate.Length(max=MOST_MEMBERS))


class CreateTeamSchema(CommandSchema, TeamFieldsSchema):
    command = CreateTeam

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateTeam:
        return CreateTeam(data["name"], tuple(data["members"]))


class ChangeTeamSchema(CommandSchema, TeamFieldsSchema):
    command = ChangeTeam

    team_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeTeam:
        return ChangeTeam(data["team_id"], data["name"], tuple(data["members"]))


class BulkItemSchema(ma.Schema):
    """One operation, as it would be sent alone."""

    class Meta:
        unknown = ma.RAISE

    method = ma.fields.String(required=True, validate=validate.OneOf(("POST", "PATCH", "PUT", "DELETE")))
    path = Text(500, required=True, min_length=1, metadata={"description": "`/v1/clients`, without a query"})
    body = ma.fields.Dict(
        keys=Text(100, min_length=1),
        validate=validate.Length(max=100),
        metadata={"description": "The body of the operation"},
    )
    if_match = ma.fields.Integer(
        strict=True,
        validate=validate.Range(1, 999_999_999),
        metadata={"description": "The version that a change is based on, as If-Match has it"},
    )


class BeginBulkSchema(CommandSchema):
    command = BeginBulk

    items = ma.fields.List(ma.fields.Nested(BulkItemSchema), required=True, validate=validate.Length(1, MOST_IN_BULK))

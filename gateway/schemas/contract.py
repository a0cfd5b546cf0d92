"""What public events say."""

import marshmallow as ma

from services.kernel.schemas import EventSchema


class UserCreatedSchema(EventSchema):
    user_id = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    name = ma.fields.String(allow_none=True)
    email = ma.fields.String(allow_none=True)


class UserRoleChangedSchema(EventSchema):
    user_id = ma.fields.String(required=True)
    role_before = ma.fields.String(required=True)
    role_after = ma.fields.String(required=True)


class UserDeactivatedSchema(EventSchema):
    user_id = ma.fields.String(required=True)


class RoleFactsSchema(EventSchema):
    name = ma.fields.String(required=True)
    permissions = ma.fields.List(ma.fields.String(), required=True)
    rows = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    masked = ma.fields.List(ma.fields.String(), required=True)


class RoleChangedSchema(EventSchema):
    role_id = ma.fields.String(required=True)
    after = ma.fields.Nested(RoleFactsSchema, required=True)
    before = ma.fields.Nested(RoleFactsSchema, allow_none=True)


class TeamChangedSchema(EventSchema):
    team_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    members = ma.fields.List(ma.fields.String(), required=True)
    name_before = ma.fields.String(required=True)
    members_before = ma.fields.List(ma.fields.String(), required=True)

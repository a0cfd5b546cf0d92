"""VIP clients: commands in, views out, and the contract of public events."""

import marshmallow as ma

from services.clients.commands.vips import ChangeClientVip, DismissVipManager, NameVipManager
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id


class ChangeClientVipSchema(CommandSchema):
    command = ChangeClientVip

    client_id = Id(required=True)
    vip = Flag(required=True)


class NameVipManagerSchema(CommandSchema):
    command = NameVipManager

    user_id = Id(required=True)


class DismissVipManagerSchema(CommandSchema):
    command = DismissVipManager

    user_id = Id(required=True)


class GetVipManagerSchema(ma.Schema):
    user_id = Id(required=True)


class ListVipManagersSchema(ResourceListSchema):
    named = Flag()


class VipManagerView(ma.Schema):
    id = ma.fields.String(required=True, metadata={"description": "Id of the user"})
    version = ma.fields.Integer(required=True)
    named = ma.fields.Boolean(required=True, metadata={"description": "Whether VIP clients may be given to him now"})
    named_by = ma.fields.String(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class ClientVipChangedSchema(EventSchema):
    client_id = ma.fields.String(required=True)
    vip = ma.fields.Boolean(required=True)


class VipManagerSchema(EventSchema):
    user_id = ma.fields.String(required=True)


class VipManagerNamedSchema(VipManagerSchema):
    pass


class VipManagerDismissedSchema(VipManagerSchema):
    pass

"""VIP clients: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import vips as handlers
from services.clients.queries.vips import VIP_MANAGERS
from services.clients.schemas import vips as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "change_client_vip": CommandSpec(schemas.ChangeClientVipSchema, handlers.change_client_vip, answer="get_client"),
    "name_vip_manager": CommandSpec(
        schemas.NameVipManagerSchema, handlers.name_vip_manager, answer="get_vip_manager", changes=False
    ),
    "dismiss_vip_manager": CommandSpec(
        schemas.DismissVipManagerSchema, handlers.dismiss_vip_manager, answer="get_vip_manager"
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_vip_manager": one(schemas.GetVipManagerSchema, VIP_MANAGERS, schemas.VipManagerView),
    "list_vip_manager_history": history(schemas.GetVipManagerSchema, VIP_MANAGERS),
    "list_vip_managers": many(schemas.ListVipManagersSchema, VIP_MANAGERS, schemas.VipManagerView),
}

"""VIP clients and who may look after them: load, decide, append."""

import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.vips import ChangeClientVip, DismissVipManager, NameVipManager
from services.clients.domain import vip as vips
from services.clients.handlers.aggregates import VIP_MANAGER
from services.clients.handlers.clients import for_vip, load_client, require_user
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import load


class LooksAfterVips(Refusal):
    ru = "За пользователем закреплены VIP-клиенты: сначала передайте их"
    en = "The user looks after VIP clients: give them to somebody else first"


def change_client_vip(tools: Tools, command: ChangeClientVip, context: Context) -> Written:
    loaded = load_client(tools, command.client_id, context)
    events = vips.change_client_vip(loaded.state, command)
    also = for_vip(tools, loaded.state.manager_id) if command.vip else []
    return tools.append(context, loaded, events, also=also)


def name_vip_manager(tools: Tools, command: NameVipManager, context: Context) -> Written:
    """Named again, he is what he was."""
    require_user(tools, "user_id", command.user_id)
    if tools.exists(VIP_MANAGER, command.user_id):
        held = load(tools.store, VIP_MANAGER, command.user_id)
        return tools.append(context, held, vips.name_vip_manager(held.state, command.user_id))
    begun = tools.begin(VIP_MANAGER, command.user_id)
    return tools.append(context, begun, vips.name_vip_manager(None, command.user_id))


def dismiss_vip_manager(tools: Tools, command: DismissVipManager, context: Context) -> Written:
    loaded = tools.load(VIP_MANAGER, command.user_id, context)
    c = t.clients.c
    his = sa.select(c.id).where(c.manager_id == command.user_id, c.vip, c.merged_into.is_(None)).limit(1)
    with tools.read() as connection:
        if connection.execute(his).first() is not None:
            raise LooksAfterVips
    return tools.append(context, loaded, vips.dismiss_vip_manager(loaded.state))

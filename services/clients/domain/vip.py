"""Clients that matter most are looked after by users who were named for it."""

from dataclasses import dataclass

from services.clients.commands.vips import ChangeClientVip
from services.clients.domain.client import Client, require_standing
from services.clients.events.vips import ClientVipChanged, VipManagerDismissed, VipManagerNamed
from services.kernel.errors import Refusal


class NotForVip(Refusal):
    status = 422
    ru = "Пользователю {user_id} VIP-клиентов не поручают"
    en = "VIP clients are not given to user {user_id}"


@dataclass(frozen=True, slots=True)
class VipManager:
    id: str
    named: bool


def change_client_vip(client: Client, command: ChangeClientVip) -> list[ClientVipChanged]:
    require_standing(client)
    return [] if client.vip is command.vip else [ClientVipChanged(client.id, command.vip)]


def name_vip_manager(manager: VipManager | None, user_id: str) -> list[VipManagerNamed]:
    return [] if manager is not None and manager.named else [VipManagerNamed(user_id)]


def dismiss_vip_manager(manager: VipManager) -> list[VipManagerDismissed]:
    return [VipManagerDismissed(manager.id)] if manager.named else []


def evolve(_manager: VipManager | None, event: VipManagerNamed | VipManagerDismissed) -> VipManager:
    return VipManager(event.user_id, isinstance(event, VipManagerNamed))

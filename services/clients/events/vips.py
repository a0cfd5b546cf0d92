"""What happens to clients that matter most, and to who may look after them."""

from dataclasses import dataclass

from services.kernel.events import event


@event("ClientVipChanged")
@dataclass(frozen=True, slots=True)
class ClientVipChanged:
    client_id: str
    vip: bool


@event("VipManagerNamed")
@dataclass(frozen=True, slots=True)
class VipManagerNamed:
    user_id: str


@event("VipManagerDismissed")
@dataclass(frozen=True, slots=True)
class VipManagerDismissed:
    user_id: str

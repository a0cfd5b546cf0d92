"""What can be asked about clients that matter most, and about who may look after them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeClientVip:
    client_id: str
    vip: bool


@dataclass(frozen=True, slots=True)
class NameVipManager:
    """This user is experienced enough to look after VIP clients."""

    user_id: str


@dataclass(frozen=True, slots=True)
class DismissVipManager:
    user_id: str

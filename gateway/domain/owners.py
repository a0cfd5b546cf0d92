"""The active owners: there is always one."""

from dataclasses import dataclass

from gateway.events import OwnersChanged
from services.kernel.errors import Refusal

OWNER = "owner"


class LastOwner(Refusal):
    ru = "Это последний действующий владелец: сначала назначьте другого"
    en = "This is the last active owner: appoint another one first"


@dataclass(frozen=True, slots=True)
class Owners:
    user_ids: tuple[str, ...] = ()


def add_owner(owners: Owners, user_id: str) -> list[OwnersChanged]:
    return [OwnersChanged((*owners.user_ids, user_id))]


def remove_owner(owners: Owners, user_id: str) -> list[OwnersChanged]:
    left = tuple(one for one in owners.user_ids if one != user_id)
    if not left:
        raise LastOwner
    return [OwnersChanged(left)]


def evolve(_owners: Owners | None, event: OwnersChanged) -> Owners:
    return Owners(event.user_ids)

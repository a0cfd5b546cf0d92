"""Which events others may see, and as what. What concerns keys, passwords and sessions stays here."""

from gateway.events import RoleChanged, TeamChanged, UserCreated, UserDeactivated, UserRoleChanged
from gateway.schemas.contract import (
    RoleChangedSchema,
    TeamChangedSchema,
    UserCreatedSchema,
    UserDeactivatedSchema,
    UserRoleChangedSchema,
)
from services.kernel.published import as_it_is

CONTRACT = {
    UserCreated: UserCreatedSchema,
    UserRoleChanged: UserRoleChangedSchema,
    UserDeactivated: UserDeactivatedSchema,
    RoleChanged: RoleChangedSchema,
    TeamChanged: TeamChangedSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

"""Which events others may see, and as what. What concerns keys stays here."""

from gateway.events import UserCreated, UserDeactivated
from gateway.schemas import UserCreatedSchema, UserDeactivatedSchema
from services.kernel.published import as_it_is

PUBLISHED = dict.fromkeys((UserCreated, UserDeactivated), as_it_is)

CONTRACT = {UserCreated: UserCreatedSchema, UserDeactivated: UserDeactivatedSchema}

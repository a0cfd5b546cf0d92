"""Which events others may see, and as what: these as they are, personal fields sealed."""

from services.clients.events import ClientAssigned, ClientChanged, ClientCreated
from services.clients.schemas import ClientAssignedSchema, ClientChangedSchema, ClientCreatedSchema
from services.kernel.published import as_it_is

PUBLISHED = dict.fromkeys((ClientCreated, ClientChanged, ClientAssigned), as_it_is)

CONTRACT = {
    ClientCreated: ClientCreatedSchema,
    ClientChanged: ClientChangedSchema,
    ClientAssigned: ClientAssignedSchema,
}

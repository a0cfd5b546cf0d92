"""Which events others may see, and as what: these as they are, personal fields sealed."""

from services.clients import events
from services.clients.schemas import clients as schemas
from services.kernel.published import as_it_is

CONTRACT = {
    events.ClientCreated: schemas.ClientCreatedSchema,
    events.ClientChanged: schemas.ClientChangedSchema,
    events.ClientAssigned: schemas.ClientAssignedSchema,
    events.TaskAssigned: schemas.TaskAssignedSchema,
    events.TaskCompleted: schemas.TaskCompletedSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

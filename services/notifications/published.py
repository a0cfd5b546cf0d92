"""Which events others may see, and as what: these as they are, addresses sealed."""

from services.kernel.published import as_it_is
from services.notifications import events, schemas

CONTRACT = {
    events.MessagePlanned: schemas.MessagePlannedSchema,
    events.MessageSent: schemas.MessageSentSchema,
    events.MessageFailed: schemas.MessageFailedSchema,
    events.WebhookPaused: schemas.WebhookPausedSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

"""Which events others may see, and as what: these as they are, free text sealed."""

from services.deals import events, schemas
from services.kernel.published import as_it_is

CONTRACT = {
    events.DealOpened: schemas.DealOpenedSchema,
    events.DealChanged: schemas.DealChangedSchema,
    events.DealStageChanged: schemas.DealStageChangedSchema,
    events.DealWon: schemas.DealWonSchema,
    events.DealLost: schemas.DealLostSchema,
    events.DealPaymentChanged: schemas.DealPaymentChangedSchema,
    events.DealPaid: schemas.DealPaidSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

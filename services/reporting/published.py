"""Which events others may see, and as what: these as they are, what was sought sealed."""

from services.kernel.published import as_it_is
from services.reporting import events, schemas

CONTRACT = {
    events.ExportRequested: schemas.ExportRequestedSchema,
    events.ExportCompleted: schemas.ExportCompletedSchema,
    events.ExportFailed: schemas.ExportFailedSchema,
    events.ExportDownloaded: schemas.ExportDownloadedSchema,
    events.ExportExpired: schemas.ExportExpiredSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

"""Which events others may see, and as what: these as they are, personal fields sealed."""

from services.documents import events
from services.documents.schemas import events as schemas
from services.kernel.published import as_it_is

CONTRACT = {
    events.OrganisationCreated: schemas.OrganisationCreatedSchema,
    events.OrganisationChanged: schemas.OrganisationChangedSchema,
    events.InvoiceIssued: schemas.InvoiceIssuedSchema,
    events.InvoiceCancelled: schemas.InvoiceCancelledSchema,
    events.DocumentRendered: schemas.DocumentRenderedSchema,
    events.PaymentReceived: schemas.PaymentReceivedSchema,
    events.PaymentCancelled: schemas.PaymentCancelledSchema,
    events.PaymentAllocated: schemas.PaymentAllocatedSchema,
    events.AllocationCancelled: schemas.AllocationCancelledSchema,
    events.InvoicePaid: schemas.InvoicePaidSchema,
    events.PaymentOverdue: schemas.PaymentOverdueSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

"""The documents service's table of contents."""

from services.documents import events, handlers, queries, schemas
from services.documents.projections import BUYERS, DEALS, DOCUMENTS
from services.documents.published import CONTRACT, PUBLISHED
from services.documents.reactions import EFFECTS, REACTIONS, TIMERS
from services.kernel.commands import CommandSpec
from services.kernel.lists import ResourceListSchema
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="documents",
    events=(
        *CONTRACT,
        events.DocumentDrafted,
        events.NumberTaken,
        events.ReconciliationPrepared,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_organisation": CommandSpec(
            schemas.CreateOrganisationSchema, handlers.create_organisation, "get_organisation", changes=False
        ),
        "change_organisation": CommandSpec(
            schemas.ChangeOrganisationSchema, handlers.change_organisation, "get_organisation"
        ),
        "create_document": CommandSpec(
            schemas.CreateDocumentSchema, handlers.create_document, "get_document", changes=False
        ),
        "issue_document": CommandSpec(schemas.IssueDocumentSchema, handlers.issue_document, "get_document"),
        "mark_payment_overdue": CommandSpec(
            schemas.MarkPaymentOverdueSchema, handlers.mark_payment_overdue, "get_document", changes=False
        ),
        "register_payment": CommandSpec(
            schemas.RegisterPaymentSchema, handlers.register_payment, "get_payment", changes=False
        ),
        "cancel_document": CommandSpec(schemas.CancelDocumentSchema, handlers.cancel_document, "get_document"),
        "cancel_payment": CommandSpec(schemas.CancelPaymentSchema, handlers.cancel_payment, "get_payment"),
        "prepare_reconciliation": CommandSpec(
            schemas.PrepareReconciliationSchema,
            handlers.prepare_reconciliation,
            "get_reconciliation",
            changes=False,
        ),
    },
    queries={
        "get_organisation": one(schemas.GetOrganisationSchema, queries.ORGANISATIONS, schemas.OrganisationView),
        "list_organisation_history": history(schemas.GetOrganisationSchema, queries.ORGANISATIONS),
        "list_organisations": many(ResourceListSchema, queries.ORGANISATIONS, schemas.OrganisationView),
        "get_document": one(schemas.GetDocumentSchema, queries.DOCUMENTS, schemas.DocumentView),
        "list_document_history": history(schemas.GetDocumentSchema, queries.DOCUMENTS),
        "list_documents": many(schemas.ListDocumentsSchema, queries.DOCUMENTS, schemas.DocumentView),
        "get_payment": one(schemas.GetPaymentSchema, queries.PAYMENTS, schemas.PaymentView),
        "list_payment_history": history(schemas.GetPaymentSchema, queries.PAYMENTS),
        "list_payments": many(schemas.ListPaymentsSchema, queries.PAYMENTS, schemas.PaymentView),
        "get_reconciliation": QuerySpec(
            schemas.GetReconciliationSchema, queries.get_reconciliation, schemas.ReconciliationView
        ),
    },
    projections=(DOCUMENTS, BUYERS, DEALS),
    reactions=REACTIONS,
    effects=EFFECTS,
    timers=TIMERS,
    hears=("clients", "deals"),
)

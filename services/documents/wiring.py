"""The documents service's table of contents."""

from services.documents import events, handlers, queries
from services.documents.projections import BUYERS, DEALS, DOCUMENTS
from services.documents.published import CONTRACT, PUBLISHED
from services.documents.reactions import EFFECTS, REACTIONS, TIMERS
from services.documents.schemas import commands as incoming
from services.documents.schemas import views
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
            incoming.CreateOrganisationSchema, handlers.create_organisation, "get_organisation", changes=False
        ),
        "change_organisation": CommandSpec(
            incoming.ChangeOrganisationSchema, handlers.change_organisation, "get_organisation"
        ),
        "create_document": CommandSpec(
            incoming.CreateDocumentSchema, handlers.create_document, "get_document", changes=False
        ),
        "issue_document": CommandSpec(incoming.IssueDocumentSchema, handlers.issue_document, "get_document"),
        "mark_payment_overdue": CommandSpec(
            incoming.MarkPaymentOverdueSchema, handlers.mark_payment_overdue, "get_document", changes=False
        ),
        "register_payment": CommandSpec(
            incoming.RegisterPaymentSchema, handlers.register_payment, "get_payment", changes=False
        ),
        "cancel_document": CommandSpec(incoming.CancelDocumentSchema, handlers.cancel_document, "get_document"),
        "cancel_payment": CommandSpec(incoming.CancelPaymentSchema, handlers.cancel_payment, "get_payment"),
        "prepare_reconciliation": CommandSpec(
            incoming.PrepareReconciliationSchema,
            handlers.prepare_reconciliation,
            "get_reconciliation",
            changes=False,
        ),
    },
    queries={
        "get_organisation": one(views.GetOrganisationSchema, queries.ORGANISATIONS, views.OrganisationView),
        "list_organisation_history": history(views.GetOrganisationSchema, queries.ORGANISATIONS),
        "list_organisations": many(ResourceListSchema, queries.ORGANISATIONS, views.OrganisationView),
        "get_document": one(views.GetDocumentSchema, queries.DOCUMENTS, views.DocumentView),
        "list_document_history": history(views.GetDocumentSchema, queries.DOCUMENTS),
        "list_documents": many(views.ListDocumentsSchema, queries.DOCUMENTS, views.DocumentView),
        "get_payment": one(views.GetPaymentSchema, queries.PAYMENTS, views.PaymentView),
        "list_payment_history": history(views.GetPaymentSchema, queries.PAYMENTS),
        "list_payments": many(views.ListPaymentsSchema, queries.PAYMENTS, views.PaymentView),
        "get_reconciliation": QuerySpec(
            views.GetReconciliationSchema, queries.get_reconciliation, views.ReconciliationView
        ),
    },
    projections=(DOCUMENTS, BUYERS, DEALS),
    reactions=REACTIONS,
    effects=EFFECTS,
    timers=TIMERS,
    hears=("clients", "deals"),
)

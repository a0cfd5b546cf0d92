"""How documents are asked for and seen."""

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.documents.schemas.commands import STATES
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Id, Text


class BankView(ma.Schema):
    name = f.String(required=True)
    bic = f.String(required=True)
    account = f.String(required=True)
    corr_account = f.String(required=True)
    city = f.String(required=True)


class RequisitesView(ma.Schema):
    kind = f.String(required=True)
    name = f.String(required=True)
    full_name = f.String(required=True)
    inn = f.String(required=True)
    kpp = f.String(required=True)
    ogrn = f.String(required=True)
    address = f.String(required=True)
    phone = f.String(required=True)
    email = f.String(required=True)
    head_position = f.String(required=True)
    head = f.String(required=True)
    accountant = f.String(required=True)
    tax_regime = f.String(required=True)
    bank = f.Nested(BankView, required=True)
    prefix = f.String(required=True)


class OrganisationView(RequisitesView):
    id = f.String(required=True)
    version = f.Integer(required=True)


class DocumentLineView(ma.Schema):
    name = f.String(required=True)
    unit = f.String(required=True)
    quantity = f.String(required=True)
    price = f.String(required=True)
    vat_rate = f.String(required=True, allow_none=True)
    price_includes_vat = f.Boolean(metadata={"description": "On drafts"})
    net = f.String(metadata={"description": "Once issued"})
    vat = f.String()
    gross = f.String()


class DocumentView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    kind = f.String(required=True)
    state = f.String(required=True, validate=validate.OneOf(STATES))
    number = f.String(required=True, allow_none=True)
    client_id = f.String(required=True)
    deal_id = f.String(required=True)
    organisation_id = f.String(required=True)
    date = f.Date(required=True)
    due_date = f.Date(required=True)
    lines = f.List(f.Nested(DocumentLineView), required=True)
    net = f.String(required=True, allow_none=True)
    vat = f.String(required=True, allow_none=True)
    total = f.String(required=True, allow_none=True)
    open = f.String(required=True, allow_none=True, metadata={"description": "What is left to pay"})
    currency = f.String(required=True)
    basis = f.String(required=True, allow_none=True)
    overdue = f.Boolean(required=True)
    pdf = f.String(required=True, allow_none=True, metadata={"description": "SHA-256 of the PDF"})
    pdf_size = f.Integer(required=True, allow_none=True)


class AllocationView(ma.Schema):
    document_id = f.String(required=True)
    amount = f.String(required=True)


class PaymentView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    client_id = f.String(required=True)
    organisation_id = f.String(required=True, allow_none=True)
    date = f.Date(required=True)
    amount = f.String(required=True)
    unallocated = f.String(required=True)
    currency = f.String(required=True)
    purpose = f.String(required=True, allow_none=True)
    allocations = f.List(f.Nested(AllocationView), required=True)
    cancelled = f.Boolean(required=True)


class ReconciliationView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    client_id = f.String(required=True)
    organisation_id = f.String(required=True)
    date_from = f.Date(required=True)
    date_to = f.Date(required=True)
    currency = f.String(required=True)
    closing = f.String(required=True)
    pdf = f.String(required=True)
    pdf_size = f.Integer(required=True)


class GetOrganisationSchema(ma.Schema):
    organisation_id = Id(required=True)


class GetDocumentSchema(ma.Schema):
    document_id = Id(required=True)


class ListDocumentsSchema(ResourceListSchema):
    client_id = Id()
    deal_id = Id()
    state = Text(20)


class GetPaymentSchema(ma.Schema):
    payment_id = Id(required=True)


class ListPaymentsSchema(ResourceListSchema):
    client_id = Id()


class GetReconciliationSchema(ma.Schema):
    reconciliation_id = Id(required=True)

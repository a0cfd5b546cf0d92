"""The contract of public events."""

import marshmallow as ma
from marshmallow import fields as f

from services.documents.schemas.views import AllocationView, RequisitesView
from services.kernel.schemas import EventSchema


class OrganisationCreatedSchema(EventSchema):
    organisation_id = f.String(required=True)
    requisites = f.Nested(RequisitesView, required=True)


class OrganisationChangedSchema(EventSchema):
    organisation_id = f.String(required=True)
    before = f.Nested(RequisitesView, required=True)
    after = f.Nested(RequisitesView, required=True)


class BuyerView(ma.Schema):
    name = f.String(required=True)
    inn = f.String(required=True)
    kpp = f.String(required=True)
    address = f.String(required=True)


class IssuedLineView(ma.Schema):
    name = f.String(required=True)
    unit = f.String(required=True)
    quantity = f.String(required=True)
    price = f.String(required=True)
    vat_rate = f.String(required=True)
    net = f.String(required=True)
    vat = f.String(required=True)
    gross = f.String(required=True)


class InvoiceIssuedSchema(EventSchema):
    document_id = f.String(required=True)
    number = f.String(required=True)
    client_id = f.String(required=True)
    deal_id = f.String(required=True)
    organisation_id = f.String(required=True)
    date = f.Date(required=True)
    due_date = f.Date(required=True)
    seller = f.Nested(RequisitesView, required=True)
    lines = f.List(f.Nested(IssuedLineView), required=True)
    price_includes_vat = f.Boolean(required=True)
    net = f.String(required=True)
    vat = f.String(required=True)
    total = f.String(required=True)
    currency = f.String(required=True)
    basis = f.String(required=True)
    buyer = f.Nested(BuyerView, allow_none=True)


class InvoiceCancelledSchema(EventSchema):
    document_id = f.String(required=True)
    number = f.String(required=True)
    client_id = f.String(required=True)
    deal_id = f.String(required=True)
    organisation_id = f.String(required=True)
    date = f.Date(required=True)
    total = f.String(required=True)
    currency = f.String(required=True)
    reason = f.String(allow_none=True)


class DocumentRenderedSchema(EventSchema):
    document_id = f.String(required=True)
    hash = f.String(required=True)
    size = f.Integer(required=True)


class PaymentReceivedSchema(EventSchema):
    payment_id = f.String(required=True)
    client_id = f.String(required=True)
    date = f.Date(required=True)
    amount = f.String(required=True)
    currency = f.String(required=True)
    allocations = f.List(f.Nested(AllocationView), required=True)
    unallocated = f.String(required=True)
    organisation_id = f.String(required=True, allow_none=True)
    purpose = f.String(allow_none=True)


class PaymentCancelledSchema(EventSchema):
    payment_id = f.String(required=True)
    client_id = f.String(required=True)
    organisation_id = f.String(required=True, allow_none=True)
    date = f.Date(required=True)
    amount = f.String(required=True)
    currency = f.String(required=True)
    allocations = f.List(f.Nested(AllocationView), required=True)
    reason = f.String(allow_none=True)


class PaymentAllocatedSchema(EventSchema):
    document_id = f.String(required=True)
    payment_id = f.String(required=True)
    client_id = f.String(required=True)
    date = f.Date(required=True)
    amount = f.String(required=True)
    open = f.String(required=True, metadata={"description": "What is left to pay of the invoice"})
    deal_id = f.String(required=True)
    paid = f.String(required=True, metadata={"description": "What is paid of the invoice by now"})
    currency = f.String(required=True)


class AllocationCancelledSchema(PaymentAllocatedSchema):
    pass


class InvoicePaidSchema(EventSchema):
    document_id = f.String(required=True)
    number = f.String(required=True)
    client_id = f.String(required=True)
    deal_id = f.String(required=True)
    date = f.Date(required=True)
    amount = f.String(required=True)
    currency = f.String(required=True)


class PaymentOverdueSchema(EventSchema):
    document_id = f.String(required=True)
    number = f.String(required=True)
    client_id = f.String(required=True)
    deal_id = f.String(required=True)
    organisation_id = f.String(required=True)
    date = f.Date(required=True)
    due_date = f.Date(required=True)
    days = f.Integer(required=True)
    amount = f.String(required=True)
    currency = f.String(required=True)

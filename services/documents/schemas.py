"""The edge: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.documents import commands as c
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Currency, Day, EmailText, EventSchema, Flag, Id, MoneyText, QuantityText, Text

VAT_RATES = ("22", "20", "10", "7", "5", "0", "none")
KINDS = ("invoice",)
STATES = ("draft", "issued", "paid", "cancelled")
REGIMES = c.TaxRegime.__args__  # type: ignore[attr-defined]  # the values of a Literal


class BankSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    name = Text(200, required=True, min_length=1)
    bic = Text(9, required=True)
    account = Text(20, required=True)
    corr_account = Text(20, required=True)
    city = Text(100)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.Bank:
        return c.Bank(**data)


class RequisitesSchema(ma.Schema):
    kind = f.String(required=True, validate=validate.OneOf(("legal_entity", "sole_trader")))
    name = Text(200, required=True, min_length=1)
    full_name = Text(500, required=True, min_length=1)
    inn = Text(12, required=True)
    kpp = Text(9)
    ogrn = Text(15)
    address = Text(500, required=True, min_length=1)
    phone = Text(50)
    email = EmailText()
    head_position = Text(100)
    head = Text(200)
    accountant = Text(200)
    tax_regime = f.String(required=True, validate=validate.OneOf(REGIMES))
    bank = f.Nested(BankSchema, required=True)
    prefix = Text(10)


class CreateOrganisationSchema(CommandSchema, RequisitesSchema):
    command = c.CreateOrganisation

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.CreateOrganisation:
        return c.CreateOrganisation(c.Requisites(**data))


class ChangeOrganisationSchema(CommandSchema, RequisitesSchema):
    command = c.ChangeOrganisation

    organisation_id = Id(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.ChangeOrganisation:
        return c.ChangeOrganisation(data.pop("organisation_id"), c.Requisites(**data))


class DraftLineSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    name = Text(500, required=True, min_length=1)
    quantity = QuantityText(required=True)
    price = MoneyText(required=True)
    unit = Text(20)
    price_includes_vat = Flag()
    vat_rate = f.String(validate=validate.OneOf(VAT_RATES), allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.DraftLine:
        return c.DraftLine(**data)


class CreateDocumentSchema(CommandSchema):
    command = c.CreateDocument

    kind = f.String(required=True, validate=validate.OneOf(KINDS))
    deal_id = Id(required=True)
    date = Day(required=True)
    due_date = Day(required=True)
    organisation_id = Id(allow_none=True)
    lines = f.List(f.Nested(DraftLineSchema), validate=validate.Length(max=1000))

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.CreateDocument:
        return c.CreateDocument(**{**data, "lines": tuple(data.get("lines", ()))})


class IssueDocumentSchema(CommandSchema):
    command = c.IssueDocument

    document_id = Id(required=True)


class CancelDocumentSchema(CommandSchema):
    command = c.CancelDocument

    document_id = Id(required=True)
    reason = Text(500, required=True, min_length=1)


class CancelPaymentSchema(CommandSchema):
    command = c.CancelPayment

    payment_id = Id(required=True)
    reason = Text(500, required=True, min_length=1)


class MarkPaymentOverdueSchema(CommandSchema):
    command = c.MarkPaymentOverdue

    document_id = Id(required=True)
    today = Day(required=True)


class AllocationSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    document_id = Id(required=True)
    amount = MoneyText(positive=True, required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.Allocation:
        return c.Allocation(**data)


class RegisterPaymentSchema(CommandSchema):
    command = c.RegisterPayment

    client_id = Id(required=True)
    date = Day(required=True)
    amount = MoneyText(positive=True, required=True)
    purpose = Text(210)
    allocations = f.List(f.Nested(AllocationSchema), validate=validate.Length(max=100))
    currency = Currency()
    organisation_id = Id(allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> c.RegisterPayment:
        return c.RegisterPayment(**{**data, "allocations": tuple(data.get("allocations", ()))})


class PrepareReconciliationSchema(CommandSchema):
    command = c.PrepareReconciliation

    client_id = Id(required=True)
    organisation_id = Id(required=True)
    date_from = Day(required=True)
    date_to = Day(required=True)
    currency = Currency()


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

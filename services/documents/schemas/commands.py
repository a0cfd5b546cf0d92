"""What documents can be asked to do."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.documents import commands as c
from services.kernel.commands import CommandSchema
from services.kernel.schemas import Currency, Day, EmailText, Flag, Id, MoneyText, QuantityText, Text

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

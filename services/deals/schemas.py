"""The edge: commands in, views out, and the contract of public events."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.deals.commands import ChangeDeal, ChangeDealStage, Line, OpenDeal
from services.deals.domain.deal import CHANGEABLE
from services.deals.domain.hand_over import OUTCOMES
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Currency, EventSchema, Flag, Id, MoneyText, QuantityText, Text
from services.kernel.validation import NothingToChange

VAT_RATES = ("22", "20", "10", "7", "5", "0", "none")


class LineSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    name = Text(500, required=True, min_length=1)
    quantity = QuantityText(required=True)
    price = MoneyText(required=True)
    unit = Text(20)
    price_includes_vat = Flag()
    vat_rate = ma.fields.String(validate=validate.OneOf(VAT_RATES), allow_none=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Line:
        return Line(**data)


class OpenDealSchema(CommandSchema):
    command = OpenDeal

    client_id = Id(required=True)
    title = Text(300, required=True, min_length=1)
    lines = ma.fields.List(ma.fields.Nested(LineSchema), validate=validate.Length(max=1000))
    currency = Currency()
    organisation_id = Id(allow_none=True)
    manager_id = Id(allow_none=True)
    source = Text(100)
    pipeline = Text(50)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> OpenDeal:
        return OpenDeal(**{**data, "lines": tuple(data.get("lines", ()))})


class ChangeDealSchema(CommandSchema):
    command = ChangeDeal

    deal_id = Id(required=True)
    title = Text(300, min_length=1)
    lines = ma.fields.List(ma.fields.Nested(LineSchema), validate=validate.Length(max=1000))
    organisation_id = Id(allow_none=True)
    manager_id = Id(allow_none=True)
    source = Text(100)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeDeal:
        changes = {name: data[name] for name in CHANGEABLE if name in data}
        if not changes:
            raise NothingToChange
        if "lines" in changes:
            changes["lines"] = tuple(changes["lines"])
        return ChangeDeal(data["deal_id"], changes)


class ChangeDealStageSchema(CommandSchema):
    command = ChangeDealStage

    deal_id = Id(required=True)
    stage = Text(50, required=True, min_length=1)
    reason = Text(1000, lines=True)


class LineView(ma.Schema):
    name = ma.fields.String(required=True)
    quantity = ma.fields.String(required=True)
    price = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    price_includes_vat = ma.fields.Boolean(required=True)
    vat_rate = ma.fields.String(required=True, allow_none=True)


class DealView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True, metadata={"description": "Given by the system, in order of opening"})
    client_id = ma.fields.String(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    pipeline = ma.fields.String(required=True)
    stage = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    lines = ma.fields.List(ma.fields.Nested(LineView), required=True)
    amount = ma.fields.String(required=True)
    paid = ma.fields.String(
        required=True, metadata={"description": "What is paid of the deal's invoices, in full or in part"}
    )
    currency = ma.fields.String(required=True)
    organisation_id = ma.fields.String(required=True, allow_none=True)
    manager_id = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.String(required=True)
    opened_at = ma.fields.AwareDateTime(required=True)
    stage_since = ma.fields.AwareDateTime(required=True)


class StageView(ma.Schema):
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)


class PipelineView(ma.Schema):
    id = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    stages = ma.fields.List(ma.fields.Nested(StageView), required=True)


class GetDealSchema(ma.Schema):
    deal_id = Id(required=True)


class ListDealsSchema(ResourceListSchema):
    client_id = Id()
    stage = Text(50)
    manager_id = Id()


class ListHandedDealsSchema(ResourceListSchema):
    operation_id = Id(required=True)


class HandedDealView(ma.Schema):
    deal_id = ma.fields.String(required=True)
    outcome = ma.fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    code = ma.fields.String(required=True, metadata={"description": "Why it was refused, else empty"})
    ru = ma.fields.String(required=True)
    en = ma.fields.String(required=True)


class DealOpenedSchema(EventSchema):
    deal_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    pipeline = ma.fields.String(required=True)
    stage = ma.fields.String(required=True)
    lines = ma.fields.List(ma.fields.Nested(LineView), required=True)
    amount = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    organisation_id = ma.fields.String(required=True, allow_none=True)
    manager_id = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.String(required=True)
    title = ma.fields.String(allow_none=True)


class DealChangedSchema(EventSchema):
    deal_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields")
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
    amount = ma.fields.String(required=True)
    title_before = ma.fields.String(allow_none=True)
    title_after = ma.fields.String(allow_none=True)


class DealStageChangedSchema(EventSchema):
    deal_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    pipeline = ma.fields.String(required=True)
    stage_before = ma.fields.String(required=True)
    stage_after = ma.fields.String(required=True)
    amount = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)
    reason = ma.fields.String(allow_none=True)


class DealWonSchema(EventSchema):
    deal_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    amount = ma.fields.String(required=True)
    currency = ma.fields.String(required=True)


class DealLostSchema(DealWonSchema):
    reason = ma.fields.String(allow_none=True)


class DealPaymentChangedSchema(EventSchema):
    deal_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    invoice_id = ma.fields.String(required=True)
    invoice_version = ma.fields.Integer(required=True)
    before = ma.fields.String(required=True, metadata={"description": "Paid of the invoice, before"})
    after = ma.fields.String(required=True, metadata={"description": "Paid of the invoice, now"})
    paid = ma.fields.String(required=True, metadata={"description": "Paid of all invoices of the deal, now"})
    currency = ma.fields.String(required=True)


class DealPaidSchema(DealWonSchema):
    invoice_id = ma.fields.String(required=True)

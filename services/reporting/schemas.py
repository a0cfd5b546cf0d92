"""The edge: what reports are asked with, and what they answer."""

from typing import Any

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.kernel.lists import ListSchema
from services.kernel.money import DEFAULT_CURRENCY
from services.kernel.schemas import Currency, Day, Id, Text
from services.kernel.validation import Wrong

STAGES = ("new", "qualified", "offer", "contract", "fulfilment", "payment", "won", "lost")
MAX_WAIT = 30


class FunnelSchema(ma.Schema):
    pipeline = Text(50, load_default="default")
    currency = Currency(load_default=DEFAULT_CURRENCY, metadata={"description": "Deals in others are left out"})


class ReceivablesSchema(ListSchema):
    date = Day(metadata={"description": "The day debts are aged on; today by default"})


class TimelineSchema(ListSchema):
    client_id = Id(required=True)


class EventIds(Text):
    """Names separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(filter(None, super()._deserialize(value, attr, data, **kwargs).split(",")))


class FeedSchema(ma.Schema):
    after = Text(2000, metadata={"description": "`next` of the page before; without it, from event one"})
    types = EventIds(2000, metadata={"description": "Event types, separated by commas"})
    source = Text(100, metadata={"description": "One source, such as /reestr/deals"})
    after_position = f.Integer(
        validate=validate.Range(0, 2**62), metadata={"description": "With source: events after this position"}
    )
    limit = f.Integer(validate=validate.Range(1, 500), load_default=100)
    wait = f.Float(
        validate=validate.Range(0, MAX_WAIT),
        load_default=0,
        metadata={"description": "Seconds to wait for the first event when there is none yet"},
    )

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if "after_position" in data and "source" not in data:
            raise ma.ValidationError({"source": Wrong("required", "Нужен источник", "A source is needed").messages})


class FunnelRow(ma.Schema):
    stage = f.String(required=True)
    deals = f.Integer(required=True)
    amount = f.String(required=True)
    currency = f.String(required=True)
    conversion = f.String(required=True, metadata={"description": "Share of all deals that reached this stage"})


class DebtorView(ma.Schema):
    id = f.String(required=True)
    name = f.String(required=True, allow_none=True)


class BucketsView(ma.Schema):
    not_due = f.String(required=True)
    to_30 = f.String(required=True, data_key="1-30")
    to_60 = f.String(required=True, data_key="31-60")
    to_90 = f.String(required=True, data_key="61-90")
    over_90 = f.String(required=True, data_key="90+")


class ReceivablesRow(ma.Schema):
    client = f.Nested(DebtorView, required=True)
    currency = f.String(required=True)
    total = f.String(required=True)
    overdue = f.String(required=True)
    buckets = f.Nested(BucketsView, required=True)


class TimelineRow(ma.Schema):
    event_id = f.String(required=True)
    type = f.String(required=True)
    source = f.String(required=True)
    subject = f.String(required=True)
    actor = f.String(required=True)
    position = f.String(required=True)
    occurred_at = f.AwareDateTime(required=True)
    facts = f.Dict(required=True)


class CloudEventView(ma.Schema):
    specversion = f.String(required=True)
    id = f.String(required=True)
    source = f.String(required=True)
    type = f.String(required=True)
    subject = f.String(required=True)
    time = f.AwareDateTime(required=True)
    datacontenttype = f.String(required=True)
    dataschema = f.String(required=True)
    epoch = f.String(required=True)
    position = f.String(required=True)
    previous = f.String(required=True)
    recordedtime = f.AwareDateTime(required=True)
    version = f.String(required=True)
    correlationid = f.String(required=True)
    causationid = f.String(required=True)
    actor = f.String(required=True)
    data = f.Dict(required=True)

"""The edge: what reports are asked with, and what they answer."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.kernel.commands import CommandSchema
from services.kernel.lists import ListSchema, ResourceListSchema
from services.kernel.lists.syntax import LONGEST
from services.kernel.message import SOURCE_PREFIX
from services.kernel.money import DEFAULT_CURRENCY
from services.kernel.received import LAST_POSITION, LONGEST_NAME
from services.kernel.schemas import Currency, Day, EventSchema, Id, Text, WholeNumber
from services.kernel.validation import Wrong
from services.kernel.vector import read_vector
from services.reporting.commands import DownloadExport, ExpireExport, RequestExport, ResumeExport, StopExport

SOURCES = ("clients", "deals", "documents", "notifications", "gateway", "reporting")
STAGES = ("new", "qualified", "offer", "contract", "fulfilment", "payment", "won", "lost")
PIPELINES = ("default",)
MAX_WAIT = 30
EXPORTED = ("clients", "contacts", "deals", "documents", "interactions", "messages", "payments", "tasks")
FORMATS = ("csv", "xlsx", "txt", "html", "docx", "vcf")
LANGUAGES = ("ru", "en")
EXPORT_STATES = ("running", "stopped", "completed", "failed", "expired")
MOST_FIELDS = 50


class FunnelSchema(ma.Schema):
    pipeline = f.String(load_default="default", validate=validate.OneOf(PIPELINES))
    currency = Currency(load_default=DEFAULT_CURRENCY, metadata={"description": "Deals in others are left out"})


class ReceivablesSchema(ListSchema):
    date = Day(
        metadata={
            "description": "As of the end of this day, by the dates that invoices, payments and their cancellations "
            "bear, whenever they were entered; without it, all that is open now"
        }
    )


class TimelineSchema(ResourceListSchema):
    client_id = Id(required=True)


class Words(Text):
    """Names separated by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return tuple(filter(None, super()._deserialize(value, attr, data, **kwargs).split(",")))


class Place(Text):
    """A cursor of the feed, as a vector of places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2000, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        vector = read_vector(super()._deserialize(value, attr, data, **kwargs))
        for source in vector.keys() - set(SOURCES):
            raise Wrong("wrong-cursor", f"Курсор с неизвестным источником {source}", f"Unknown source {source}")
        return vector


class StreamSchema(ma.Schema):
    after = Place(load_default=dict, metadata={"description": "Where to go on from; without it, from event one"})
    types = Words(2000, load_default=(), metadata={"description": "Event types, separated by commas"})
    source = f.String(
        validate=validate.OneOf([SOURCE_PREFIX + name for name in SOURCES]),
        metadata={"description": "One source only; the cursor stays where it is for the others"},
    )
    subject = Text(LONGEST_NAME, load_default="", metadata={"description": "Events of one subject"})
    limit = WholeNumber(
        validate=validate.Range(1, 500), load_default=100, metadata={"description": "How many are read at a time"}
    )


class FeedSchema(StreamSchema):
    after_position = WholeNumber(
        validate=validate.Range(0, LAST_POSITION), metadata={"description": "With source: events after this position"}
    )
    wait = f.Float(
        validate=validate.Range(0, MAX_WAIT),
        load_default=0,
        metadata={"description": "Seconds to wait for the first event when there is none yet"},
    )

    @ma.validates_schema
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if "after_position" in data and "source" not in data:
            raise ma.ValidationError({"source": Wrong("required", "Нужен источник", "A source is needed").messages})
        if "after_position" in data and data.get("after"):
            wrong = Wrong("one-of", "Либо after, либо after_position", "Either after or after_position")
            raise ma.ValidationError({"after_position": wrong.messages})


class AwaitSchema(ma.Schema):
    after = Place(required=True)
    wait = f.Float(required=True, validate=validate.Range(0, MAX_WAIT))


class HeadView(ma.Schema):
    head = f.String(required=True)


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


class FieldName(Text):
    """One field of a list; the list says which there are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(50, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(r"[a-z_]+", text):
            raise Wrong("unknown-field", "Такого поля нет", "There is no such field")
        return text


class RequestExportSchema(CommandSchema):
    command = RequestExport

    resource = f.String(required=True, validate=validate.OneOf(EXPORTED))
    format = f.String(required=True, validate=validate.OneOf(FORMATS))
    language = f.String(validate=validate.OneOf(LANGUAGES), metadata={"description": "Of headings, dates and numbers"})
    filter = Text(LONGEST, metadata={"description": "As the list takes it"})
    q = Text(200, metadata={"description": "As the list takes it, where it does"})
    sort = Text(200, metadata={"description": "As the list takes it"})
    fields_ = f.List(
        FieldName(),
        data_key="fields",
        attribute="fields",
        validate=validate.Length(max=MOST_FIELDS),
        metadata={"description": "These columns, in this order; without them all that the list shows"},
    )

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return RequestExport(**{**data, "fields": tuple(dict.fromkeys(data.get("fields", ())))})


class GetExportSchema(ma.Schema):
    export_id = Id(required=True)


class StopExportSchema(CommandSchema):
    command = StopExport

    export_id = Id(required=True)


class ResumeExportSchema(CommandSchema):
    command = ResumeExport

    export_id = Id(required=True)


class DownloadExportSchema(CommandSchema):
    command = DownloadExport

    export_id = Id(required=True)


class ExpireExportSchema(CommandSchema):
    command = ExpireExport

    export_id = Id(required=True)


class ListExportsSchema(ResourceListSchema):
    state = f.String(validate=validate.OneOf(EXPORT_STATES))
    resource = f.String(validate=validate.OneOf(EXPORTED))


class ExportView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    resource = f.String(required=True, validate=validate.OneOf(EXPORTED))
    format = f.String(required=True, validate=validate.OneOf(FORMATS))
    language = f.String(required=True, validate=validate.OneOf(LANGUAGES))
    state = f.String(required=True, validate=validate.OneOf(EXPORT_STATES))
    reason = f.String(required=True, allow_none=True, metadata={"description": "Why it failed"})
    rows = f.Integer(required=True, metadata={"description": "So many were read by now"})
    asked = f.Dict(required=True, metadata={"description": "What was asked for; nothing once it has expired"})
    requested_by = f.String(required=True)
    requested_at = f.AwareDateTime(required=True)
    ended_at = f.AwareDateTime(required=True, allow_none=True)
    expires_at = f.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "The file is there until then"}
    )
    size = f.Integer(required=True, allow_none=True, metadata={"description": "Of the file, in bytes"})
    hash = f.String(required=True, allow_none=True, metadata={"description": "SHA-256 of the file"})
    downloads = f.Integer(required=True)


class ExportRequestedSchema(EventSchema):
    export_id = f.String(required=True)
    resource = f.String(required=True)
    format = f.String(required=True)
    language = f.String(required=True)
    requested_by = f.String(required=True)
    principal = f.String(required=True)
    sort = f.String(required=True)
    fields_ = f.List(f.String(), required=True, data_key="fields")
    filter = f.String(allow_none=True)
    q = f.String(allow_none=True)


class ExportCompletedSchema(EventSchema):
    export_id = f.String(required=True)
    resource = f.String(required=True)
    format = f.String(required=True)
    requested_by = f.String(required=True)
    rows = f.Integer(required=True)
    size = f.Integer(required=True)
    hash = f.String(required=True)
    expires_at = f.AwareDateTime(required=True)


class ExportFailedSchema(EventSchema):
    export_id = f.String(required=True)
    resource = f.String(required=True)
    requested_by = f.String(required=True)
    reason = f.String(required=True)


class ExportDownloadedSchema(EventSchema):
    export_id = f.String(required=True)
    resource = f.String(required=True)
    downloaded_by = f.String(required=True)


class ExportExpiredSchema(EventSchema):
    export_id = f.String(required=True)
    resource = f.String(required=True)

"""Forms on sites: commands in, views out, and the contract of public events."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.lead_forms import AddLeadForm, ChangeLeadForm, FormConsent, FormField, SubmitLeadForm
from services.clients.schemas.consents import CHANNELS
from services.clients.schemas.links import WebLink
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id, Text
from services.kernel.validation import NothingToChange, Wrong

MOST_FIELDS, MOST_VALUES = 40, 80
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?")


class Origin(Text):
    """Where a page stands, as browsers write it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(300, min_length=1, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs).lower()
        if not _ORIGIN.fullmatch(text):
            raise Wrong("wrong-origin", "Нужно вида https://example.ru", "Must look like https://example.com")
        return text


class FormFieldSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    name = Text(40, required=True, min_length=1)
    required = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> FormField:
        return FormField(**data)


class FormConsentSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    purpose = Text(40, required=True, min_length=1, metadata={"description": "A code of consent_purposes"})
    channels = ma.fields.List(
        ma.fields.String(validate=validate.OneOf(CHANNELS)), required=True, validate=validate.Length(1, len(CHANNELS))
    )
    text_version = Text(100, required=True, min_length=1)
    required = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> FormConsent:
        return FormConsent(**{**data, "channels": tuple(dict.fromkeys(data["channels"]))})


def _asks(**kwargs: Any) -> ma.fields.List[Any]:
    told = {"description": "name, company, inn, phone, email, wants; any other is kept as an answer"}
    length = validate.Length(1, MOST_FIELDS)
    return ma.fields.List(ma.fields.Nested(FormFieldSchema), validate=length, metadata=told, **kwargs)


class LeadFormFieldsSchema(ma.Schema):
    action = Text(40, min_length=1, metadata={"description": "A code of lead_actions; `form` where none is named"})
    origins = ma.fields.List(Origin(), validate=validate.Length(max=20))
    consent = ma.fields.Nested(FormConsentSchema, allow_none=True)
    redirect = WebLink(metadata={"description": "Where a browser goes from the form"})
    trap = Text(40, min_length=1, metadata={"description": "A field that people do not see"})


class AddLeadFormSchema(CommandSchema, LeadFormFieldsSchema):
    command = AddLeadForm

    title = Text(200, required=True, min_length=1)
    source = Text(40, required=True, min_length=1, metadata={"description": "A code of lead_sources"})
    asks = _asks(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddLeadForm:
        return AddLeadForm(**_plain(data))


class ChangeLeadFormSchema(CommandSchema, LeadFormFieldsSchema):
    command = ChangeLeadForm

    form_id = Id(required=True)
    title = Text(200, min_length=1)
    source = Text(40, min_length=1)
    asks = _asks()
    active = Flag(metadata={"description": "Whether it takes anything in"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeLeadForm:
        form_id = data.pop("form_id")
        if not data:
            raise NothingToChange
        return ChangeLeadForm(form_id, _plain(data))


class SubmitLeadFormSchema(CommandSchema):
    command = SubmitLeadForm

    token = Text(64, required=True, min_length=1)
    values = ma.fields.Dict(
        keys=Text(40, min_length=1),
        values=Text(5000, lines=True),
        required=True,
        validate=validate.Length(max=MOST_VALUES),
    )
    page = Text(2000)
    address = Text(64)
    key = Text(200)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class FormFieldView(ma.Schema):
    name = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)


class FormConsentView(ma.Schema):
    purpose = ma.fields.String(required=True)
    channels = ma.fields.List(ma.fields.String(), required=True)
    text_version = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)


class LeadFormView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    token = ma.fields.String(required=True, metadata={"description": "Public: POST /forms/{token}"})
    title = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    asks = ma.fields.List(ma.fields.Nested(FormFieldView), required=True)
    origins = ma.fields.List(ma.fields.String(), required=True)
    consent = ma.fields.Nested(FormConsentView, required=True, allow_none=True)
    redirect = ma.fields.String(required=True)
    trap = ma.fields.String(required=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)


class GetLeadFormSchema(ma.Schema):
    form_id = Id(required=True)


class ListLeadFormsSchema(ResourceListSchema):
    source = Text(40)
    active = ma.fields.Boolean()


class GetFormDoorSchema(ma.Schema):
    token = Text(64, required=True, min_length=1)


class FormDoorView(ma.Schema):
    """What the gateway must know before it takes anything in."""

    id = ma.fields.String(required=True)
    origins = ma.fields.List(ma.fields.String(), required=True)
    redirect = ma.fields.String(required=True)
    trap = ma.fields.String(required=True)


class LeadFormAddedSchema(EventSchema):
    form_id = ma.fields.String(required=True)
    token = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    asks = ma.fields.List(ma.fields.Nested(FormFieldView), required=True)
    origins = ma.fields.List(ma.fields.String(), required=True)
    consent = ma.fields.Nested(FormConsentView, required=True, allow_none=True)
    redirect = ma.fields.String(required=True)
    trap = ma.fields.String(required=True)


class LeadFormChangedSchema(EventSchema):
    form_id = ma.fields.String(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)

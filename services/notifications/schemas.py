"""The edge: views out, and the contract of public events."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.kernel.commands import CommandSchema
from services.kernel.lists import ListSchema, ResourceListSchema
from services.kernel.message import SOURCE_PREFIX
from services.kernel.schemas import EventSchema, Id, Text, WholeNumber
from services.kernel.validation import NothingToChange, Wrong
from services.notifications.commands import (
    CancelWebhook,
    ChangeWebhook,
    CreateWebhook,
    PauseWebhook,
    PingWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateWebhookSecret,
)

LAST_POSITION = 2**62
MOST_NAMES = 100
NOTICE_STATES = ("planned", "sent", "failed")


class GetMessageSchema(ma.Schema):
    message_id = Id(required=True)


class ListMessagesSchema(ResourceListSchema):
    client_id = Id()
    document_id = Id()
    state = Text(20)


class MessageView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    state = f.String(required=True)
    reason = f.String(required=True, allow_none=True)
    address = f.String(required=True, allow_none=True)
    cause = f.String(required=True, metadata={"description": "The id of the event behind it"})
    planned_at = f.AwareDateTime(required=True)
    ended_at = f.AwareDateTime(required=True, allow_none=True)


class AttachmentView(ma.Schema):
    service = f.String(required=True)
    hash = f.String(required=True)
    name = f.String(required=True)
    media_type = f.String(required=True)
    size = f.Integer(required=True)


class MessagePlannedSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    facts = f.Dict(required=True)
    attachments = f.List(f.Nested(AttachmentView), required=True)
    address = f.String(allow_none=True)
    recipient = f.String(allow_none=True)


class MessageSentSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    attempt = f.Integer(required=True)


class MessageFailedSchema(EventSchema):
    message_id = f.String(required=True)
    client_id = f.String(required=True)
    channel = f.String(required=True)
    template = f.String(required=True)
    document_id = f.String(required=True, allow_none=True)
    reason = f.String(required=True)


class GetNoticeSchema(ma.Schema):
    notice_id = Id(required=True)


class ListNoticesSchema(ResourceListSchema):
    user_id = Id()
    state = f.String(validate=validate.OneOf(NOTICE_STATES))


class NoticeView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    user_id = f.String(required=True)
    template = f.String(required=True)
    facts = f.Dict(required=True)
    state = f.String(required=True, validate=validate.OneOf(NOTICE_STATES))
    reason = f.String(required=True, allow_none=True)
    address = f.String(required=True, allow_none=True)
    cause = f.String(required=True, metadata={"description": "The id of the event behind it"})
    planned_at = f.AwareDateTime(required=True)
    ended_at = f.AwareDateTime(required=True, allow_none=True)


class Source(Text):
    """A source as events name it: `/reestr/deals`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(60, min_length=1, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(SOURCE_PREFIX + "[a-z]{1,40}", text):
            raise Wrong("wrong-source", "Источник пишется так: /reestr/deals", "A source is written as /reestr/deals")
        return text.removeprefix(SOURCE_PREFIX)


class Position(WholeNumber):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(0, LAST_POSITION), **kwargs)


def _names(inner: Text) -> Any:
    return f.List(inner, validate=validate.Length(max=MOST_NAMES))


class WebhookFieldsSchema(ma.Schema):
    url = Text(2000, required=True, min_length=1)
    types = _names(Text(100, min_length=1))
    sources = _names(Source())
    subjects = _names(Id())
    description = Text(500)


def _tupled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


class CreateWebhookSchema(CommandSchema, WebhookFieldsSchema):
    command = CreateWebhook

    start = f.String(
        validate=validate.OneOf(("now", "beginning")), metadata={"description": "With which events deliveries begin"}
    )

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CreateWebhook:
        return CreateWebhook(**_tupled(data))


class ChangeWebhookSchema(CommandSchema, WebhookFieldsSchema):
    command = ChangeWebhook

    webhook_id = Id(required=True)
    url = Text(2000, min_length=1)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeWebhook:
        webhook_id = data.pop("webhook_id")
        if not data:
            raise NothingToChange
        return ChangeWebhook(webhook_id, _tupled(data))


class CancelWebhookSchema(CommandSchema):
    command = CancelWebhook

    webhook_id = Id(required=True)


class PauseWebhookSchema(CommandSchema):
    command = PauseWebhook

    webhook_id = Id(required=True)


class ResumeWebhookSchema(CommandSchema):
    command = ResumeWebhook

    webhook_id = Id(required=True)


class RotateWebhookSecretSchema(CommandSchema):
    command = RotateWebhookSecret

    webhook_id = Id(required=True)


class PingWebhookSchema(CommandSchema):
    command = PingWebhook

    webhook_id = Id(required=True)


class ReplayWebhookSchema(CommandSchema):
    command = ReplayWebhook

    webhook_id = Id(required=True)
    since = f.AwareDateTime(metadata={"description": "What was recorded from this time on"})
    until = f.AwareDateTime(metadata={"description": "What was recorded before this time"})
    source = Source()
    after_position = Position(metadata={"description": "With source: what is after this position"})
    until_position = Position(metadata={"description": "With source: what is up to this position"})

    @ma.validates_schema(skip_on_field_errors=True)
    def check(self, data: dict[str, Any], **_: Any) -> None:
        if "since" not in data and "source" not in data:
            needed = Wrong("required", "Укажите время или источник", "Name a time or a source")
            raise ma.ValidationError({"since": needed.messages})


class GetWebhookSchema(ma.Schema):
    webhook_id = Id(required=True)


class ListWebhooksSchema(ResourceListSchema):
    state = Text(20)


class ListWebhookDeliveriesSchema(ListSchema):
    webhook_id = Id(required=True)
    outcome = Text(40)
    event_id = Id()


class ReplayView(ma.Schema):
    id = f.String(required=True)
    after = f.Dict(f.String(), f.Integer(), required=True)
    until = f.Dict(f.String(), f.Integer(), required=True)
    positions = f.Dict(f.String(), f.Integer(), metadata={"description": "By source, how far it has come"})


class WebhookView(ma.Schema):
    id = f.String(required=True)
    version = f.Integer(required=True)
    owner_id = f.String(required=True)
    url = f.String(required=True, allow_none=True)
    types = f.List(f.String(), required=True)
    sources = f.List(f.String(), required=True)
    subjects = f.List(f.String(), required=True)
    description = f.String(required=True)
    state = f.String(required=True, metadata={"description": "pending, active, paused or cancelled"})
    reason = f.String(required=True, allow_none=True, metadata={"description": "Why it is paused"})
    created_at = f.AwareDateTime(required=True)
    positions = f.Dict(
        f.String(),
        f.Integer(),
        metadata={"description": "By source, up to where all is delivered at this moment; of the past it is not known"},
    )
    failures = f.Integer(metadata={"description": "Failed attempts in a row"})
    failing_since = f.AwareDateTime(allow_none=True)
    next_attempt_at = f.AwareDateTime(allow_none=True)
    replay = f.Nested(ReplayView, required=True, allow_none=True)
    secret = f.String(metadata={"description": "Told once: when it is made, and when it is rotated"})


class WebhookDeliveryView(ma.Schema):
    id = f.String(required=True)
    webhook_id = f.String(required=True)
    kind = f.String(required=True, metadata={"description": "event, replay, challenge or ping"})
    event_id = f.String(required=True, metadata={"description": "The `webhook-id` that it was sent with"})
    type = f.String(required=True)
    source = f.String(required=True)
    position = f.Integer(required=True)
    attempt = f.Integer(required=True)
    outcome = f.String(required=True)
    status = f.Integer(required=True, allow_none=True)
    milliseconds = f.Integer(required=True)
    answer = f.String(required=True, metadata={"description": "How the answer began, personal data cut out"})
    at = f.AwareDateTime(required=True)


class WebhookPausedSchema(EventSchema):
    webhook_id = f.String(required=True)
    owner_id = f.String(required=True)
    reason = f.String(required=True)

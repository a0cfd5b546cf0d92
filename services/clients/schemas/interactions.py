"""The relations register: commands in, views out, and the contract of public events."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.interactions import (
    CancelInteraction,
    ChangeInteraction,
    CompleteInteraction,
    PlanInteraction,
    RecordInteraction,
    ResolveComplaint,
)
from services.kernel.clock import to_iso
from services.kernel.commands import CommandSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import EventSchema, Flag, Id, Moment, Text, WholeNumber
from services.kernel.validation import NothingToChange

DIRECTIONS = ("incoming", "outgoing")
STATES = ("planned", "completed", "cancelled")
RESOURCES = ("interaction", "task", "deal", "document", "message")
LOWEST, HIGHEST = 1, 5


class BasisSchema(ma.Schema):
    """What something was made on the ground of."""

    resource = ma.fields.String(required=True, validate=validate.OneOf(RESOURCES))
    id = Id(required=True)


class PlannedFieldsSchema(ma.Schema):
    direction = ma.fields.String(validate=validate.OneOf(DIRECTIONS), allow_none=True)
    ends_at = Moment(allow_none=True)
    employee_id = Id(allow_none=True, metadata={"description": "Who holds it; without one, who asks"})
    participants = ma.fields.List(Id(), validate=validate.Length(max=50), metadata={"description": "Users"})
    contact_ids = ma.fields.List(Id(), validate=validate.Length(max=50))
    important = Flag()
    basis = ma.fields.Nested(BasisSchema, allow_none=True)
    complaint_subject = Text(40, min_length=1, allow_none=True)
    subject = Text(300)
    project = Text(200)
    goals = Text(5000, lines=True, metadata={"description": "Goals and needs"})
    content = Text(20_000, lines=True)


class OutcomeSchema(ma.Schema):
    result = Text(40, min_length=1, allow_none=True, metadata={"description": "A code of interaction_results"})
    agreements = Text(5000, lines=True)
    satisfaction = WholeNumber(validate=validate.Range(LOWEST, HIGHEST), allow_none=True)
    served_in_time = Flag(allow_none=True)
    improvement = Text(5000, lines=True, metadata={"description": "What the client wants done better"})


class PlanInteractionSchema(CommandSchema, PlannedFieldsSchema):
    command = PlanInteraction

    client_id = Id(required=True)
    kind = Text(40, required=True, min_length=1, metadata={"description": "A code of interaction_kinds"})
    starts_at = Moment(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> PlanInteraction:
        fields = _plain(data)
        named = {name: fields.pop(name) for name in ("client_id", "kind", "starts_at")}
        return PlanInteraction(**named, fields=fields)


class RecordInteractionSchema(CommandSchema, PlannedFieldsSchema, OutcomeSchema):
    command = RecordInteraction

    client_id = Id(required=True)
    kind = Text(40, required=True, min_length=1)
    starts_at = Moment(required=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> RecordInteraction:
        fields = _plain(data)
        named = {name: fields.pop(name) for name in ("client_id", "kind", "starts_at")}
        outcome = {name: fields.pop(name) for name in OutcomeSchema().fields if name in fields}
        return RecordInteraction(PlanInteraction(**named, fields=fields), outcome)


class ChangeInteractionSchema(CommandSchema, PlannedFieldsSchema, OutcomeSchema):
    command = ChangeInteraction

    interaction_id = Id(required=True)
    kind = Text(40, min_length=1)
    starts_at = Moment()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeInteraction:
        interaction_id = data.pop("interaction_id")
        if not data:
            raise NothingToChange
        return ChangeInteraction(interaction_id, _plain(data))


class CompleteInteractionSchema(CommandSchema, OutcomeSchema):
    command = CompleteInteraction

    interaction_id = Id(required=True)
    content = Text(20_000, lines=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CompleteInteraction:
        return CompleteInteraction(data.pop("interaction_id"), data)


class CancelInteractionSchema(CommandSchema):
    command = CancelInteraction

    interaction_id = Id(required=True)
    reason = Text(1000, lines=True)


class ResolveComplaintSchema(CommandSchema):
    command = ResolveComplaint

    interaction_id = Id(required=True)
    resolution = Text(5000, required=True, min_length=1, lines=True)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """As events hold it."""
    return {name: to_iso(value) if isinstance(value, datetime) else value for name, value in fields.items()}


class InteractionView(ma.Schema):
    """What is personal is null once it is erased."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True, metadata={"description": "Nine digits, given by the system"})
    client_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    starts_at = ma.fields.AwareDateTime(required=True)
    ends_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    direction = ma.fields.String(required=True, allow_none=True)
    employee_id = ma.fields.String(required=True, allow_none=True)
    author_id = ma.fields.String(required=True)
    participants = ma.fields.List(ma.fields.String(), required=True)
    contact_ids = ma.fields.List(ma.fields.String(), required=True)
    important = ma.fields.Boolean(required=True)
    basis = ma.fields.Nested(BasisSchema, required=True, allow_none=True)
    complaint_subject = ma.fields.String(required=True, allow_none=True)
    subject = ma.fields.String(required=True, allow_none=True)
    project = ma.fields.String(required=True, allow_none=True)
    goals = ma.fields.String(required=True, allow_none=True)
    content = ma.fields.String(required=True, allow_none=True)
    agreements = ma.fields.String(required=True, allow_none=True)
    result = ma.fields.String(required=True, allow_none=True)
    satisfaction = ma.fields.Integer(required=True, allow_none=True)
    served_in_time = ma.fields.Boolean(required=True, allow_none=True)
    improvement = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True, metadata={"description": "Why it was cancelled"})
    resolution = ma.fields.String(required=True, allow_none=True, metadata={"description": "Of a complaint"})
    open_complaint = ma.fields.Boolean(required=True, metadata={"description": "A complaint that nobody resolved yet"})
    recorded_at = ma.fields.AwareDateTime(required=True)


class GetInteractionSchema(ma.Schema):
    interaction_id = Id(required=True)


class ListInteractionsSchema(ResourceListSchema):
    q = Text(200, metadata={"description": "Any part of subject, content, goals or agreements"})
    client_id = Id()
    contact_id = Id()
    employee_id = Id()
    kind = Text(40)
    state = ma.fields.String(validate=validate.OneOf(STATES))


class InteractionPlannedSchema(EventSchema):
    interaction_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    starts_at = ma.fields.AwareDateTime(required=True)
    employee_id = ma.fields.String(required=True, allow_none=True)
    details = ma.fields.Dict(required=True)
    personal = ma.fields.Dict(allow_none=True)


class InteractionChangedSchema(EventSchema):
    interaction_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)
    personal_before = ma.fields.Dict(allow_none=True)
    personal_after = ma.fields.Dict(allow_none=True)


class InteractionCompletedSchema(EventSchema):
    interaction_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    employee_id = ma.fields.String(required=True, allow_none=True)
    outcome = ma.fields.Dict(required=True)
    personal = ma.fields.Dict(allow_none=True)


class InteractionCancelledSchema(EventSchema):
    interaction_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    reason = ma.fields.String(allow_none=True)


class ComplaintResolvedSchema(EventSchema):
    interaction_id = ma.fields.String(required=True)
    client_id = ma.fields.String(required=True)
    resolution = ma.fields.String(allow_none=True)

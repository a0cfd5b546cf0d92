"""Leads: commands in."""

from typing import Any

import marshmallow as ma
from marshmallow import validate

from services.clients.commands.card import CARD
from services.clients.commands.leads import (
    AddLeadRule,
    AssignLead,
    CaptureLead,
    ChangeLeadRule,
    ConvertLead,
    LeadConsent,
    LeadFields,
    NewClient,
    RejectLead,
    TakeLead,
)
from services.clients.schemas.clients import (
    KINDS,
    ClientCardSchema,
    LinkSchema,
    PhoneText,
    plain,
)
from services.clients.schemas.consents import CHANNELS
from services.kernel.clock import to_iso
from services.kernel.commands import CommandSchema
from services.kernel.schemas import Flag, Id, Moment, Text, WholeNumber
from services.kernel.validation import NothingToChange

UTM = ("source", "medium", "campaign", "content", "term")
SAID = ("name", "company", "inn", "phones", "emails", "links", "wants", "page", "answers")
MOST_CONSENTS, MOST_ANSWERS, MOST_ASSIGNEES = 10, 30, 100
LONGEST_CONTACT = 60 * 24 * 30


class UtmSchema(ma.Schema):
    """The marks of the link that he came by."""

    class Meta:
        unknown = ma.RAISE

    source = Text(200)
    medium = Text(200)
    campaign = Text(200)
    content = Text(200)
    term = Text(200)


class LeadConsentSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    purpose = Text(40, required=True, min_length=1, metadata={"description": "A code of consent_purposes"})
    channel = ma.fields.String(required=True, validate=validate.OneOf(CHANNELS))
    text_version = Text(100, required=True, min_length=1)
    given_at = Moment(required=True)
    proof = Text(1000, lines=True)

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> LeadConsent:
        return LeadConsent(**{**data, "given_at": to_iso(data["given_at"])})


def answers() -> ma.fields.Dict:
    return ma.fields.Dict(
        keys=Text(40, min_length=1),
        values=Text(2000, lines=True),
        validate=validate.Length(max=MOST_ANSWERS),
        metadata={"description": "What else was asked, and answered"},
    )


class LeadFieldsSchema(ma.Schema):
    name = Text(300)
    company = Text(300)
    inn = Text(12)
    phones = ma.fields.List(PhoneText(), validate=validate.Length(max=10))
    emails = ma.fields.List(Text(254, min_length=1), validate=validate.Length(max=10))
    links = ma.fields.List(ma.fields.Nested(LinkSchema), validate=validate.Length(max=10))
    wants = Text(5000, lines=True, metadata={"description": "What he wants, in his own words"})
    page = Text(2000, metadata={"description": "The page that he came from"})
    answers = answers()


class CaptureLeadSchema(CommandSchema, LeadFieldsSchema):
    command = CaptureLead

    source = Text(40, required=True, min_length=1, metadata={"description": "A code of lead_sources"})
    action = Text(40, required=True, min_length=1, metadata={"description": "A code of lead_actions"})
    recommended_by = Id(allow_none=True, metadata={"description": "The client who recommended us"})
    utm = ma.fields.Nested(UtmSchema)
    consents = ma.fields.List(ma.fields.Nested(LeadConsentSchema), validate=validate.Length(max=MOST_CONSENTS))
    assignee_id = Id(allow_none=True, metadata={"description": "Without one, who gets it is told by the rules"})

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> CaptureLead:
        said = {name: _tupled(data.pop(name)) for name in SAID if name in data}
        data["consents"] = tuple(data.get("consents", ()))
        return CaptureLead(fields=LeadFields(**said), **data)


class AssignLeadSchema(CommandSchema):
    command = AssignLead

    lead_id = Id(required=True)
    assignee_id = Id(required=True)


class TakeLeadSchema(CommandSchema):
    command = TakeLead

    lead_id = Id(required=True)


class RejectLeadSchema(CommandSchema):
    command = RejectLead

    lead_id = Id(required=True)
    reason = Text(40, required=True, min_length=1, metadata={"description": "A code of lead_rejections"})
    comment = Text(2000, lines=True)


class NewClientSchema(ClientCardSchema):
    """What the lead has said already need not be said again."""

    class Meta:
        unknown = ma.RAISE

    kind = ma.fields.String(validate=validate.OneOf(KINDS))
    name = Text(300, min_length=1)
    manager_id = Id(allow_none=True)
    allow_duplicate = Flag()
    accept_unverified = Flag()

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> NewClient:
        card = {name: plain(data.pop(name)) for name in CARD if name in data}
        return NewClient(card=card, **data)


class ConvertLeadSchema(CommandSchema):
    command = ConvertLead

    lead_id = Id(required=True)
    client_id = Id(allow_none=True, metadata={"description": "A client that is there; else a new one is made"})
    client = ma.fields.Nested(NewClientSchema, allow_none=True)
    deal_title = Text(300, metadata={"description": "Opens a deal of this title"})


def _assignees(**kwargs: Any) -> ma.fields.List[Any]:
    told = {"description": "Users, in the order of their turns"}
    return ma.fields.List(Id(), validate=validate.Length(max=MOST_ASSIGNEES), metadata=told, **kwargs)


class AddLeadRuleSchema(CommandSchema):
    command = AddLeadRule

    id = Text(
        40, required=True, min_length=1, metadata={"description": "A code of lead_sources, or `default` for all others"}
    )
    assignees = _assignees(required=True)
    to_known_manager = Flag(metadata={"description": "A known client goes to his own manager"})
    contact_minutes = WholeNumber(validate=validate.Range(1, LONGEST_CONTACT))

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddLeadRule:
        return AddLeadRule(data.pop("id"), tuple(data.pop("assignees")), **data)


class ChangeLeadRuleSchema(CommandSchema):
    command = ChangeLeadRule

    rule_id = Text(40, required=True, min_length=1)
    assignees = _assignees()
    to_known_manager = Flag()
    contact_minutes = WholeNumber(validate=validate.Range(1, LONGEST_CONTACT))

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> ChangeLeadRule:
        rule_id = data.pop("rule_id")
        if not data:
            raise NothingToChange
        return ChangeLeadRule(rule_id, {name: _tupled(value) for name, value in data.items()})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

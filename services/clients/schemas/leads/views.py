"""Leads: views out."""

import marshmallow as ma
from marshmallow import validate

from services.clients.schemas.clients import EmailSchema, LinkSchema, PhoneSchema
from services.kernel.lists import ResourceListSchema
from services.kernel.schemas import Id, Text

STATES = ("new", "in_work", "converted", "rejected")


class LeadConsentView(ma.Schema):
    purpose = ma.fields.String(required=True)
    channel = ma.fields.String(required=True)
    text_version = ma.fields.String(required=True)
    given_at = ma.fields.AwareDateTime(required=True)
    proof = ma.fields.String(required=True)


class LeadView(ma.Schema):
    """What is personal is null, or empty, once it is erased."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True, metadata={"description": "Nine digits, given by the system"})
    state = ma.fields.String(required=True, validate=validate.OneOf(STATES))
    source = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    recommended_by = ma.fields.String(required=True, allow_none=True)
    form_id = ma.fields.String(required=True, allow_none=True)
    utm = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    name = ma.fields.String(required=True, allow_none=True)
    company = ma.fields.String(required=True, allow_none=True)
    inn = ma.fields.String(required=True, allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), required=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), required=True)
    links = ma.fields.List(ma.fields.Nested(LinkSchema), required=True)
    wants = ma.fields.String(required=True, allow_none=True)
    page = ma.fields.String(required=True, allow_none=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    consents = ma.fields.List(ma.fields.Nested(LeadConsentView), required=True)
    known_client_ids = ma.fields.List(
        ma.fields.String(),
        required=True,
        allow_none=True,
        metadata={
            "description": "Clients that he may be, by phone, e-mail or INN, as far as the caller sees them; null in "
            "a past, which does not tell"
        },
    )
    assignee_id = ma.fields.String(required=True, allow_none=True)
    task_id = ma.fields.String(required=True, allow_none=True, metadata={"description": "That of the first contact"})
    client_id = ma.fields.String(required=True, allow_none=True, metadata={"description": "Whom he has become"})
    deal_id = ma.fields.String(required=True, allow_none=True, metadata={"description": "Follows within seconds"})
    deal_problem = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Why the deal could not be opened"}
    )
    reason = ma.fields.String(required=True, allow_none=True, metadata={"description": "Why he was rejected"})
    comment = ma.fields.String(required=True, allow_none=True)
    captured_by = ma.fields.String(required=True)
    captured_at = ma.fields.AwareDateTime(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)


class GetLeadSchema(ma.Schema):
    lead_id = Id(required=True)


class ListLeadsSchema(ResourceListSchema):
    q = Text(200, metadata={"description": "Any part of name, company, phone, e-mail, or of what is wanted"})
    state = ma.fields.String(validate=validate.OneOf(STATES))
    source = Text(40)
    action = Text(40)
    form_id = Id()
    assignee_id = Id()
    client_id = Id()
    known_client_id = Id(metadata={"description": "Leads that may be this client"})


class LeadRuleView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    assignees = ma.fields.List(ma.fields.String(), required=True)
    to_known_manager = ma.fields.Boolean(required=True)
    contact_minutes = ma.fields.Integer(required=True)


class GetLeadRuleSchema(ma.Schema):
    rule_id = Text(40, required=True, min_length=1)


class ListLeadRulesSchema(ResourceListSchema):
    pass

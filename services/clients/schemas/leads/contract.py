"""Leads: the contract of public events."""

import marshmallow as ma

from services.clients.schemas.clients import EmailSchema, LinkSchema, PhoneSchema
from services.clients.schemas.leads.views import LeadConsentView
from services.kernel.schemas import EventSchema


class LeadEventSchema(EventSchema):
    lead_id = ma.fields.String(required=True)


class LeadCapturedSchema(LeadEventSchema):
    source = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    recommended_by = ma.fields.String(required=True, allow_none=True)
    form_id = ma.fields.String(required=True, allow_none=True)
    known_clients = ma.fields.List(ma.fields.String(), required=True)
    utm = ma.fields.Dict(required=True)
    name = ma.fields.String(allow_none=True)
    company = ma.fields.String(allow_none=True)
    inn = ma.fields.String(allow_none=True)
    phones = ma.fields.List(ma.fields.Nested(PhoneSchema), allow_none=True)
    emails = ma.fields.List(ma.fields.Nested(EmailSchema), allow_none=True)
    links = ma.fields.List(ma.fields.Nested(LinkSchema), allow_none=True)
    wants = ma.fields.String(allow_none=True)
    page = ma.fields.String(allow_none=True)
    answers = ma.fields.Dict(allow_none=True)
    consents = ma.fields.List(ma.fields.Nested(LeadConsentView), allow_none=True)


class LeadAssignedSchema(LeadEventSchema):
    assignee_before = ma.fields.String(required=True, allow_none=True)
    assignee_after = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)


class LeadTakenSchema(LeadEventSchema):
    assignee_id = ma.fields.String(required=True)


class LeadRejectedSchema(LeadEventSchema):
    source = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    comment = ma.fields.String(allow_none=True)


class LeadConvertedSchema(LeadEventSchema):
    client_id = ma.fields.String(required=True)
    new_client = ma.fields.Boolean(required=True)
    source = ma.fields.String(required=True)
    assignee_id = ma.fields.String(required=True, allow_none=True)
    opens_deal = ma.fields.Boolean(required=True)
    deal_title = ma.fields.String(allow_none=True)


class LeadDealOpenedSchema(LeadEventSchema):
    client_id = ma.fields.String(required=True)
    deal_id = ma.fields.String(required=True)
    source = ma.fields.String(required=True)


class LeadDealFailedSchema(LeadEventSchema):
    client_id = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class LeadRuleAddedSchema(EventSchema):
    rule_id = ma.fields.String(required=True)
    assignees = ma.fields.List(ma.fields.String(), required=True)
    to_known_manager = ma.fields.Boolean(required=True)
    contact_minutes = ma.fields.Integer(required=True)


class LeadRuleChangedSchema(EventSchema):
    rule_id = ma.fields.String(required=True)
    before = ma.fields.Dict(required=True)
    after = ma.fields.Dict(required=True)

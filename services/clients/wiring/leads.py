"""Leads: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers.leads import capturing, closing, rules
from services.clients.queries.leads import LEAD_RULES, LEADS, get_lead, list_leads
from services.clients.schemas.leads import commands, views
from services.kernel.commands import CommandSpec
from services.kernel.history import dated
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "capture_lead": CommandSpec(commands.CaptureLeadSchema, capturing.capture_lead, answer="get_lead", changes=False),
    "assign_lead": CommandSpec(commands.AssignLeadSchema, capturing.assign_lead, answer="get_lead"),
    "take_lead": CommandSpec(commands.TakeLeadSchema, closing.take_lead, answer="get_lead"),
    "reject_lead": CommandSpec(commands.RejectLeadSchema, closing.reject_lead, answer="get_lead"),
    "convert_lead": CommandSpec(commands.ConvertLeadSchema, closing.convert_lead, answer="get_lead"),
    "add_lead_rule": CommandSpec(
        commands.AddLeadRuleSchema, rules.add_lead_rule, answer="get_lead_rule", changes=False
    ),
    "change_lead_rule": CommandSpec(commands.ChangeLeadRuleSchema, rules.change_lead_rule, answer="get_lead_rule"),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_lead": QuerySpec(dated(views.GetLeadSchema), get_lead, views.LeadView, resource=LEADS, dated=True),
    "list_lead_history": history(views.GetLeadSchema, LEADS),
    "list_leads": QuerySpec(views.ListLeadsSchema, list_leads, views.LeadView, many=True, resource=LEADS),
    "get_lead_rule": one(views.GetLeadRuleSchema, LEAD_RULES, views.LeadRuleView),
    "list_lead_rule_history": history(views.GetLeadRuleSchema, LEAD_RULES),
    "list_lead_rules": many(views.ListLeadRulesSchema, LEAD_RULES, views.LeadRuleView),
}

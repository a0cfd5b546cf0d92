"""Who gets leads: load, decide, append."""

from services.clients.commands.leads import AddLeadRule, ChangeLeadRule
from services.clients.domain import lead_rule as rules
from services.clients.domain.lead_rule import DEFAULT
from services.clients.handlers.aggregates import LEAD_RULE
from services.clients.handlers.clients import require_user
from services.clients.handlers.dictionaries import require_codes
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal


class LeadRuleExists(Refusal):
    ru = "Для «{rule_id}» правило уже есть"
    en = "There is a rule for {rule_id} already"


def add_lead_rule(tools: Tools, command: AddLeadRule, context: Context) -> Written:
    if command.rule_id != DEFAULT:
        require_codes(tools, "id", "lead_sources", command.rule_id)
    if tools.exists(LEAD_RULE, command.rule_id):
        raise LeadRuleExists.on("id", rule_id=command.rule_id)
    _require_users(tools, command.assignees)
    return tools.append(context, tools.begin(LEAD_RULE, command.rule_id), rules.add_lead_rule(command))


def change_lead_rule(tools: Tools, command: ChangeLeadRule, context: Context) -> Written:
    loaded = tools.load(LEAD_RULE, command.rule_id, context)
    _require_users(tools, command.changes.get("assignees", ()))
    return tools.append(context, loaded, rules.change_lead_rule(loaded.state, command))


def _require_users(tools: Tools, assignees: tuple[str, ...]) -> None:
    for number, user_id in enumerate(assignees):
        require_user(tools, f"assignees.{number}", user_id)

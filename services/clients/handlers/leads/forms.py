"""Forms on sites: load, decide, append; and what they bring."""

from datetime import timedelta

from services.clients.commands.lead_forms import AddLeadForm, ChangeLeadForm, FormConsent, SubmitLeadForm
from services.clients.domain import lead_form as forms
from services.clients.handlers.aggregates import LEAD, LEAD_FORM
from services.clients.handlers.dictionaries import require_codes
from services.clients.handlers.leads.capturing import append_lead
from services.kernel.clock import to_iso
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Key, KeyTaken, StreamEvents

TOKEN, SUBMISSION = "lead-form-token", "lead-form-submission"
# how long the same is taken for sent twice, where the browser has named it and where it has not
NAMED, UNNAMED = timedelta(days=1), timedelta(minutes=10)


def add_lead_form(tools: Tools, command: AddLeadForm, context: Context) -> Written:
    _require_codes(tools, command.source, command.action, command.consent)
    begun = tools.begin(LEAD_FORM, command.form_id)
    return tools.append(context, begun, forms.add_lead_form(command), claim=[Key(TOKEN, command.token)])


def change_lead_form(tools: Tools, command: ChangeLeadForm, context: Context) -> Written:
    loaded = tools.load(LEAD_FORM, command.form_id, context)
    _require_codes(tools, command.changes.get("source"), command.changes.get("action"), command.changes.get("consent"))
    return tools.append(context, loaded, forms.change_lead_form(loaded.state, command))


def submit_lead_form(tools: Tools, command: SubmitLeadForm, context: Context) -> Written:
    """The same sent twice is one lead; what comes again much later is another."""
    owner = tools.store.owner(Key(TOKEN, command.token))
    form = load(tools.store, LEAD_FORM, owner.partition(":")[2]).state if owner else None
    if form is None or not form.active:
        raise NotFound(what="form", id=command.token)
    captured = forms.read_submission(form, command, to_iso(context.now))
    key = Key(SUBMISSION, tools.claim_key(SUBMISSION, forms.same_submission(form, command)))
    passed_on: list[StreamEvents] = []
    if (held := tools.store.owner(key)) is not None:
        earlier = load(tools.store, LEAD, held.partition(":")[2])
        [first] = tools.store.read_stream_page(held, 0, 1)
        if context.now - first.recorded_at < (NAMED if command.key else UNNAMED):
            return Written(earlier.id, earlier.version, first.position)
        passed_on = [StreamEvents(held, earlier.version, [])]
    try:
        return append_lead(tools, captured, context, claim=[key], release=[key] if passed_on else [], also=passed_on)
    except KeyTaken:
        return submit_lead_form(tools, command, context)  # its twin was faster


def _require_codes(tools: Tools, source: str | None, action: str | None, consent: FormConsent | None) -> None:
    if source is not None:
        require_codes(tools, "source", "lead_sources", source)
    if action is not None:
        require_codes(tools, "action", "lead_actions", action)
    if consent is not None:
        require_codes(tools, "consent.purpose", "consent_purposes", consent.purpose)

"""How the streams of this service are folded."""

from services.clients.domain import attachment as attachments
from services.clients.domain import client as clients
from services.clients.domain import client_field as fields
from services.clients.domain import consent as consents
from services.clients.domain import contact as contacts
from services.clients.domain import dictionary as dictionaries
from services.clients.domain import erasure as erasures
from services.clients.domain import interaction as interactions
from services.clients.domain import lead as leads
from services.clients.domain import lead_form as forms
from services.clients.domain import lead_rule as rules
from services.clients.domain import operation as operations
from services.clients.domain import questionnaire as questionnaires
from services.clients.domain import task as tasks
from services.clients.domain import vip as vips
from services.kernel.store.aggregates import Aggregate

CLIENT: Aggregate[clients.Client] = Aggregate("client", clients.Client, clients.evolve)
ATTACHMENT: Aggregate[attachments.Attachment] = Aggregate("attachment", attachments.Attachment, attachments.evolve)
CONTACT: Aggregate[contacts.Contact] = Aggregate("contact", contacts.Contact, contacts.evolve)
INTERACTION: Aggregate[interactions.Interaction] = Aggregate(
    "interaction", interactions.Interaction, interactions.evolve
)
TASK: Aggregate[tasks.Task] = Aggregate("task", tasks.Task, tasks.evolve)
ENTRY: Aggregate[dictionaries.Entry] = Aggregate("dictionary_entry", dictionaries.Entry, dictionaries.evolve)
FIELD: Aggregate[fields.ClientField] = Aggregate("client_field", fields.ClientField, fields.evolve)
CONSENT: Aggregate[consents.Consent] = Aggregate("consent", consents.Consent, consents.evolve)
LEAD: Aggregate[leads.Lead] = Aggregate("lead", leads.Lead, leads.evolve)
LEAD_RULE: Aggregate[rules.LeadRule] = Aggregate("lead_rule", rules.LeadRule, rules.evolve)
LEAD_FORM: Aggregate[forms.LeadForm] = Aggregate("lead_form", forms.LeadForm, forms.evolve)
LEAD_TURN: Aggregate[rules.Turn] = Aggregate("lead_turn", rules.Turn, rules.evolve_turn, snapshot_every=20)
QUESTIONNAIRE: Aggregate[questionnaires.Questionnaire] = Aggregate(
    "questionnaire", questionnaires.Questionnaire, questionnaires.evolve
)
ANSWER: Aggregate[questionnaires.Answer] = Aggregate(
    "questionnaire_answer", questionnaires.Answer, questionnaires.evolve_answer
)
ERASURE: Aggregate[erasures.Erasure] = Aggregate("erasure", erasures.Erasure, erasures.evolve)
VIP_MANAGER: Aggregate[vips.VipManager] = Aggregate("vip_manager", vips.VipManager, vips.evolve)
OPERATION: Aggregate[operations.Operation] = Aggregate(
    "operation", operations.Operation, operations.evolve, snapshot_every=20, shape="2"
)

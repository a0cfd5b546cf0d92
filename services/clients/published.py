"""Which events others may see, and as what: these as they are, personal fields sealed."""

from services.clients.events import (
    attachments,
    clients,
    consents,
    contacts,
    dictionaries,
    erasures,
    interactions,
    lead_forms,
    leads,
    merges,
    operations,
    questionnaires,
    tasks,
    vips,
)
from services.clients.schemas import attachments as of_attachments
from services.clients.schemas import client_events as of_clients
from services.clients.schemas import consents as of_consents
from services.clients.schemas import contacts as of_contacts
from services.clients.schemas import dictionaries as of_dictionaries
from services.clients.schemas import erasures as of_erasures
from services.clients.schemas import interactions as of_interactions
from services.clients.schemas import merges as of_merges
from services.clients.schemas import operations as of_operations
from services.clients.schemas import questionnaires as of_questionnaires
from services.clients.schemas import tasks as of_tasks
from services.clients.schemas import vips as of_vips
from services.clients.schemas.leads import contract as of_leads
from services.clients.schemas.leads import forms as of_forms
from services.kernel.published import as_it_is

CONTRACT = {
    attachments.FileAttached: of_attachments.FileAttachedSchema,
    attachments.LinkAttached: of_attachments.LinkAttachedSchema,
    attachments.AttachmentRemoved: of_attachments.AttachmentRemovedSchema,
    clients.ClientCreated: of_clients.ClientCreatedSchema,
    clients.ClientChanged: of_clients.ClientChangedSchema,
    clients.ClientAssigned: of_clients.ClientAssignedSchema,
    clients.ClientChecked: of_clients.ClientCheckedSchema,
    vips.ClientVipChanged: of_vips.ClientVipChangedSchema,
    vips.VipManagerNamed: of_vips.VipManagerNamedSchema,
    vips.VipManagerDismissed: of_vips.VipManagerDismissedSchema,
    clients.ClientWithdrawn: of_clients.ClientWithdrawnSchema,
    clients.ClientRestored: of_clients.ClientRestoredSchema,
    merges.ClientsMerged: of_merges.ClientsMergedSchema,
    merges.ClientsUnmerged: of_merges.ClientsUnmergedSchema,
    consents.ConsentGiven: of_consents.ConsentGivenSchema,
    consents.ConsentRevoked: of_consents.ConsentRevokedSchema,
    contacts.ContactCreated: of_contacts.ContactCreatedSchema,
    contacts.ContactChanged: of_contacts.ContactChangedSchema,
    contacts.ContactLinked: of_contacts.ContactLinkedSchema,
    contacts.ContactUnlinked: of_contacts.ContactUnlinkedSchema,
    interactions.InteractionPlanned: of_interactions.InteractionPlannedSchema,
    interactions.InteractionChanged: of_interactions.InteractionChangedSchema,
    interactions.InteractionCompleted: of_interactions.InteractionCompletedSchema,
    interactions.InteractionCancelled: of_interactions.InteractionCancelledSchema,
    interactions.ComplaintResolved: of_interactions.ComplaintResolvedSchema,
    dictionaries.DictionaryEntryAdded: of_dictionaries.DictionaryEntryAddedSchema,
    dictionaries.DictionaryEntryChanged: of_dictionaries.DictionaryEntryChangedSchema,
    dictionaries.ClientFieldAdded: of_dictionaries.ClientFieldAddedSchema,
    dictionaries.ClientFieldChanged: of_dictionaries.ClientFieldChangedSchema,
    erasures.ErasureRequested: of_erasures.ErasureRequestedSchema,
    erasures.PersonalDataErased: of_erasures.PersonalDataErasedSchema,
    leads.LeadCaptured: of_leads.LeadCapturedSchema,
    leads.LeadAssigned: of_leads.LeadAssignedSchema,
    leads.LeadTaken: of_leads.LeadTakenSchema,
    leads.LeadRejected: of_leads.LeadRejectedSchema,
    leads.LeadConverted: of_leads.LeadConvertedSchema,
    leads.LeadDealOpened: of_leads.LeadDealOpenedSchema,
    leads.LeadDealFailed: of_leads.LeadDealFailedSchema,
    leads.LeadRuleAdded: of_leads.LeadRuleAddedSchema,
    leads.LeadRuleChanged: of_leads.LeadRuleChangedSchema,
    lead_forms.LeadFormAdded: of_forms.LeadFormAddedSchema,
    lead_forms.LeadFormChanged: of_forms.LeadFormChangedSchema,
    operations.HandOverStarted: of_operations.HandOverStartedSchema,
    operations.HandOverReverted: of_operations.HandOverRevertedSchema,
    questionnaires.QuestionnaireAdded: of_questionnaires.QuestionnaireAddedSchema,
    questionnaires.QuestionnaireChanged: of_questionnaires.QuestionnaireChangedSchema,
    questionnaires.QuestionnaireAnswered: of_questionnaires.QuestionnaireAnsweredSchema,
    tasks.TaskAssigned: of_tasks.TaskAssignedSchema,
    tasks.TaskChanged: of_tasks.TaskChangedSchema,
    tasks.TaskCompleted: of_tasks.TaskCompletedSchema,
    tasks.TaskCancelled: of_tasks.TaskCancelledSchema,
    tasks.TaskFellOverdue: of_tasks.TaskFellOverdueSchema,
    tasks.TaskReminderDue: of_tasks.TaskReminderDueSchema,
}

PUBLISHED = dict.fromkeys(CONTRACT, as_it_is)

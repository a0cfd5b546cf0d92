"""The clients service's table of contents."""

from services.clients.events import merges as merging
from services.clients.events import operations as happened
from services.clients.events.leads import LeadTurnTaken
from services.clients.projections.attachments import ATTACHMENTS
from services.clients.projections.clients import CLIENTS
from services.clients.projections.consents import CONSENTS
from services.clients.projections.contacts import CONTACTS
from services.clients.projections.dictionaries import DICTIONARIES
from services.clients.projections.erasures import ERASURES
from services.clients.projections.interactions import INTERACTIONS
from services.clients.projections.lead_forms import LEAD_FORMS
from services.clients.projections.leads import LEAD_RULES, LEADS
from services.clients.projections.merges import MERGES
from services.clients.projections.operations import OPERATIONS
from services.clients.projections.questionnaires import ANSWERS, QUESTIONNAIRES
from services.clients.projections.tasks import TASKS
from services.clients.projections.users import USERS
from services.clients.projections.uses import USES
from services.clients.projections.vips import VIP_MANAGERS
from services.clients.published import CONTRACT, PUBLISHED
from services.clients.queries.dictionaries import due_defaults
from services.clients.queries.operations import due_failed_rows
from services.clients.queries.tasks import due_tasks
from services.clients.reactions import EFFECTS, REACTIONS
from services.clients.wiring import (
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
from services.kernel.reactions import Timer
from services.kernel.wiring import Service

_PARTS = (
    clients,
    merges,
    vips,
    contacts,
    consents,
    interactions,
    tasks,
    attachments,
    leads,
    lead_forms,
    questionnaires,
    dictionaries,
    operations,
    erasures,
)

SERVICE = Service(
    name="clients",
    events=(
        *CONTRACT,
        merging.ClientMergedInto,
        merging.ClientSeparated,
        happened.ImportStarted,
        happened.ImportRead,
        happened.ImportRefused,
        happened.EditStarted,
        happened.RevertStarted,
        happened.OperationRowsProcessed,
        happened.OperationCompleted,
        happened.OperationStopRequested,
        happened.OperationStopped,
        happened.OperationResumed,
        happened.OperationReverted,
        LeadTurnTaken,
        happened.FailedRowsKept,
        happened.FailedRowsDestroyed,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={name: command for part in _PARTS for name, command in part.COMMANDS.items()},
    queries={name: query for part in _PARTS for name, query in part.QUERIES.items()},
    projections=(
        CLIENTS,
        MERGES,
        VIP_MANAGERS,
        CONTACTS,
        INTERACTIONS,
        TASKS,
        DICTIONARIES,
        OPERATIONS,
        USERS,
        CONSENTS,
        ERASURES,
        LEADS,
        LEAD_RULES,
        LEAD_FORMS,
        USES,
        QUESTIONNAIRES,
        ANSWERS,
        ATTACHMENTS,
    ),
    reactions=REACTIONS,
    effects=EFFECTS,
    timers=(
        Timer("defaults", due_defaults, every=3600),
        Timer("tasks", due_tasks, every=5),
        Timer("failed_rows", due_failed_rows, every=60),
    ),
    hears=("deals", "documents", "gateway"),
)

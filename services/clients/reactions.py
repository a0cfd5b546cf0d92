"""What clients do when something has happened: tasks for managers, operations carried on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from services.clients.commands.tasks import AssignTask
from services.clients.domain.failed_rows import FAILED
from services.clients.domain.interaction import COMPLAINT
from services.clients.domain.operation import Kind, Operation, end_stopping, give_up, process_rows, read_import
from services.clients.domain.task import assign_task
from services.clients.events.interactions import InteractionCompleted
from services.clients.events.operations import RowResult
from services.clients.handlers.aggregates import CLIENT, ERASURE, INTERACTION, OPERATION, TASK
from services.clients.handlers.attachments import run_destroy_attachment
from services.clients.handlers.clients import standing_for
from services.clients.handlers.edits import cut_off, edit_rows
from services.clients.handlers.erasures import run_erase_person
from services.clients.handlers.failed_rows import (
    gave_up_failed_rows,
    run_close_failed_rows,
    run_forget_failed_rows,
    run_keep_failed_rows,
)
from services.clients.handlers.hand_overs import hand_over_rows
from services.clients.handlers.imports import import_rows, read_upload
from services.clients.handlers.leads.deals import gave_up, on_lead_converted, run_open_lead_deal
from services.clients.handlers.reverts import revert_rows
from services.clients.handlers.tables import forget_table
from services.clients.handlers.tasks import timed
from services.kernel.clock import company_today
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.money import DEFAULT_CURRENCY, format_amount
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.claims import StreamEvents


def on_payment_overdue(message: Message, _tools: Tools) -> Sequence[Plan]:
    names = ("client_id", "document_id", "number", "amount", "currency")
    return [Plan("assign_overdue_task", {name: message.data[name] for name in names})]


def run_assign_overdue_task(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The client's manager is to call; the task has the plan's id, so it is made once. Nobody is to
    call who is forgotten."""
    if tools.exists(ERASURE, arguments["client_id"]):
        return Outcome()
    client = standing_for(tools, tools.load(CLIENT, arguments["client_id"], context).state)
    amount = format_amount(Decimal(arguments["amount"]))
    currency = arguments["currency"].replace(DEFAULT_CURRENCY, "₽")
    assert context.idempotency_key is not None
    command = AssignTask(
        title=f"Просрочен счёт № {arguments['number']} на {amount} {currency}: связаться с клиентом",
        due_date=company_today() + timedelta(days=1),
        assignee_id=client.manager_id,
        client_id=client.id,
        document_id=arguments["document_id"],
        task_id=context.idempotency_key,
    )
    return Outcome([StreamEvents(TASK.stream(command.task_id), 0, assign_task(command, timed))])


def on_interaction_completed(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    """A complaint is not over when it is heard."""
    event: InteractionCompleted = recorded.event
    if event.kind != COMPLAINT:
        return []
    return [Plan("assign_complaint_task", {"client_id": event.client_id, "interaction_id": event.interaction_id})]


def run_assign_complaint_task(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    client = standing_for(tools, tools.load(CLIENT, arguments["client_id"], context).state)
    interaction = tools.load(INTERACTION, arguments["interaction_id"], context).state
    assert context.idempotency_key is not None
    command = AssignTask(
        title="Жалоба: разобраться и ответить клиенту",
        due_date=company_today() + timedelta(days=1),
        assignee_id=client.manager_id or interaction.employee_id,
        client_id=client.id,
        interaction_id=interaction.id,
        task_id=context.idempotency_key,
    )
    return Outcome([StreamEvents(TASK.stream(command.task_id), 0, assign_task(command, timed))])


def on_erasure_requested(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("erase_person", {"person": recorded.event.person})]


def on_attachment_removed(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    file_hash = recorded.event.file_hash
    return (
        [Plan("destroy_attachment", {"attachment_id": recorded.subject, "file_hash": file_hash})] if file_hash else []
    )


def on_operation_going_on(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("carry_on", {"operation_id": recorded.subject})]


WORK: Mapping[Kind, Callable[[Tools, Operation, Context], list[RowResult]]] = {
    "import": import_rows,
    "edit": edit_rows,
    "hand_over": hand_over_rows,
    "revert": revert_rows,
}


def run_carry_on(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """The next chunk of an operation; nothing once it has ended. What it does is done by who began it."""
    loaded = tools.load(OPERATION, arguments["operation_id"], context)
    begun = loaded.state
    if begun.state == "stopping" and not cut_off(tools, begun):
        return Outcome([StreamEvents(loaded.stream, loaded.version, end_stopping(begun))])
    if begun.state not in ("running", "stopping"):
        return Outcome()
    if begun.unread:
        note = partial(read_import, found=read_upload(tools, begun))
    else:
        note = partial(process_rows, results=WORK[begun.kind](tools, begun, replace(context, actor=begun.started_by)))

    def decide() -> list[StreamEvents]:
        running = tools.load(OPERATION, begun.id, context)
        if (running.state.unread, running.state.done) != (begun.unread, begun.done):
            return []  # noted by another run; one stopped meanwhile still has to note what it did
        return [StreamEvents(running.stream, running.version, note(running.state))]

    return Outcome(decide)


def on_operation_completed(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    failed = FAILED & recorded.event.counts.keys()
    return [Plan("keep_failed_rows" if failed else "forget_table", {"operation_id": recorded.subject})]


def on_import_refused(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("forget_table", {"operation_id": recorded.subject})]


def on_failed_rows_kept(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("forget_table", {"operation_id": recorded.subject})]


def on_failed_rows_destroyed(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    """Where nothing was kept to begin with, the table itself is still there."""
    told = {"operation_id": recorded.subject}
    file_hash = recorded.event.file_hash
    forgotten = [Plan("forget_failed_rows", {**told, "file_hash": file_hash}, key="file")] if file_hash else []
    return [Plan("forget_table", told), *forgotten]


def on_personal_data_erased(_recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("close_failed_rows", {})]


def run_forget_table(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Of a table that is taken in nothing is kept: who is forgotten stands in no file."""
    operation = tools.load(OPERATION, arguments["operation_id"], context).state
    if operation.kind == "import":
        forget_table(tools, operation)
    return Outcome()


def carry_on_gave_up(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    """What cannot go on is stopped, so that it can be resumed when the trouble is over."""
    loaded = tools.load(OPERATION, arguments["operation_id"], context)
    return [StreamEvents(loaded.stream, loaded.version, give_up(loaded.state))]


# while an operation runs there is always one chunk at work or planned, which sees a stop too
GOING_ON = (
    "ImportStarted",
    "ImportRead",
    "EditStarted",
    "HandOverStarted",
    "RevertStarted",
    "OperationRowsProcessed",
    "OperationResumed",
)

REACTIONS = (
    Reaction("assign_overdue_task", source="documents", on={"PaymentOverdue": on_payment_overdue}),
    Reaction("assign_complaint_task", source="clients", on={"InteractionCompleted": on_interaction_completed}),
    Reaction("erase_person", source="clients", on={"ErasureRequested": on_erasure_requested}),
    Reaction("destroy_attachment", source="clients", on={"AttachmentRemoved": on_attachment_removed}),
    Reaction("open_lead_deal", source="clients", on={"LeadConverted": on_lead_converted}),
    Reaction(
        "forget_table",
        source="clients",
        on={
            "OperationCompleted": on_operation_completed,
            "ImportRefused": on_import_refused,
            "FailedRowsKept": on_failed_rows_kept,
            "FailedRowsDestroyed": on_failed_rows_destroyed,
        },
    ),
    Reaction("close_failed_rows", source="clients", on={"PersonalDataErased": on_personal_data_erased}),
    Reaction("carry_on", source="clients", on=dict.fromkeys(GOING_ON, on_operation_going_on)),
)

EFFECTS = (
    Effect("assign_overdue_task", run_assign_overdue_task, on_unknown="repeat"),
    Effect("assign_complaint_task", run_assign_complaint_task, on_unknown="repeat"),
    Effect("erase_person", run_erase_person, on_unknown="repeat", attempts=100, pause=timedelta(seconds=2)),
    Effect("destroy_attachment", run_destroy_attachment, on_unknown="repeat"),
    Effect(
        "open_lead_deal",
        run_open_lead_deal,
        on_unknown="repeat",
        attempts=20,
        pause=timedelta(seconds=1),
        on_failure=gave_up,
    ),
    Effect("forget_table", run_forget_table, on_unknown="repeat"),
    Effect("keep_failed_rows", run_keep_failed_rows, on_unknown="repeat", on_failure=gave_up_failed_rows),
    Effect("forget_failed_rows", run_forget_failed_rows, on_unknown="repeat"),
    Effect("close_failed_rows", run_close_failed_rows, on_unknown="repeat"),
    Effect("carry_on", run_carry_on, on_unknown="repeat", pause=timedelta(seconds=2), on_failure=carry_on_gave_up),
)

"""What clients do when something has happened: tasks for managers, imports taken in."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from services.clients.commands import AssignTask
from services.clients.domain.client_import import process_rows
from services.clients.domain.task import assign_task
from services.clients.handlers import CLIENT, IMPORT, TASK, import_rows
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
    """The client's manager is to call; the task has the plan's id, so it is made once."""
    client = tools.load(CLIENT, arguments["client_id"], context).state
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
    return Outcome([StreamEvents(TASK.stream(command.task_id), 0, assign_task(command))])


def on_import_started(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("import_rows", {"import_id": recorded.subject})]


def on_import_rows_processed(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("import_rows", {"import_id": recorded.subject})]


def run_import_rows(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Takes in the next chunk; nothing once the import has ended."""
    begun = tools.load(IMPORT, arguments["import_id"], context).state
    if begun.state != "running":
        return Outcome()
    results = import_rows(tools, begun, context)

    def decide() -> list[StreamEvents]:
        running = tools.load(IMPORT, begun.id, context)
        if running.state != begun:
            return []
        return [StreamEvents(running.stream, running.version, process_rows(running.state, results))]

    return Outcome(decide)


REACTIONS = (
    Reaction("assign_overdue_task", source="documents", on={"PaymentOverdue": on_payment_overdue}),
    Reaction(
        "import_rows",
        source="clients",
        on={"ImportStarted": on_import_started, "ImportRowsProcessed": on_import_rows_processed},
    ),
)

EFFECTS = (
    Effect("assign_overdue_task", run_assign_overdue_task, on_unknown="repeat"),
    Effect("import_rows", run_import_rows, on_unknown="repeat", pause=timedelta(seconds=2)),
)

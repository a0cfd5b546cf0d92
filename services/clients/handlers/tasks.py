"""Tasks: load, decide, append."""

from services.clients.commands.tasks import AssignTask, CompleteTask
from services.clients.domain import task as tasks
from services.clients.handlers.aggregates import INTERACTION, TASK
from services.clients.handlers.clients import existing_client, require_user
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal


class UnknownInteraction(Refusal):
    status = 422
    ru = "Взаимодействия {interaction_id} нет"
    en = "There is no interaction {interaction_id}"


def assign_task(tools: Tools, command: AssignTask, context: Context) -> Written:
    if command.client_id is not None:
        existing_client(tools, command.client_id, context)
    require_user(tools, "assignee_id", command.assignee_id)
    if command.interaction_id is not None and not tools.exists(INTERACTION, command.interaction_id):
        raise UnknownInteraction.on("interaction_id", interaction_id=command.interaction_id)
    return tools.append(context, tools.begin(TASK, command.task_id), tasks.assign_task(command))


def complete_task(tools: Tools, command: CompleteTask, context: Context) -> Written:
    loaded = tools.load(TASK, command.task_id, context)
    return tools.append(context, loaded, tasks.complete_task(loaded.state, command))

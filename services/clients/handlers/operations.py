"""Operations on many clients: stopped, resumed, and carried on chunk by chunk."""

from services.clients.commands.operations import ResumeOperation, StopOperation
from services.clients.domain import operation as operations
from services.clients.handlers.aggregates import OPERATION
from services.kernel.commands import Tools, Written
from services.kernel.context import Context


def stop_operation(tools: Tools, command: StopOperation, context: Context) -> Written:
    loaded = tools.load(OPERATION, command.operation_id, context)
    return tools.append(context, loaded, operations.stop_operation(loaded.state))


def resume_operation(tools: Tools, command: ResumeOperation, context: Context) -> Written:
    loaded = tools.load(OPERATION, command.operation_id, context)
    return tools.append(context, loaded, operations.resume_operation(loaded.state))

"""A call with many operations, noted as a whole: its key stands for this body and no other."""

from gateway.commands import BeginBulk
from gateway.events import BulkBegun
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.store.aggregates import Loaded


def begin_bulk(tools: Tools, command: BeginBulk, context: Context) -> Written:
    begun = Loaded(command.bulk_id, f"bulk:{command.bulk_id}", 0, None)
    return tools.append(context, begun, [BulkBegun(command.bulk_id, len(command.items))])

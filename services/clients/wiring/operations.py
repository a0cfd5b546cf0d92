"""Work on many clients: what can be asked about it."""

from collections.abc import Mapping

from services.clients.handlers import edits, failed_rows, hand_overs, imports, operations, reverts, tables
from services.clients.queries.operations import OPERATION_ROWS, OPERATIONS, list_operation_rows
from services.clients.schemas import operations as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "start_import": CommandSpec(schemas.StartImportSchema, imports.start_import, answer="get_operation", changes=False),
    "edit_clients": CommandSpec(schemas.EditClientsSchema, edits.edit_clients, answer="get_operation", changes=False),
    "assign_clients": CommandSpec(
        schemas.AssignClientsSchema, edits.assign_clients, answer="get_operation", changes=False
    ),
    "hand_over": CommandSpec(schemas.HandOverSchema, hand_overs.hand_over, answer="get_operation", changes=False),
    "stop_operation": CommandSpec(schemas.StopOperationSchema, operations.stop_operation, answer="get_operation"),
    "resume_operation": CommandSpec(schemas.ResumeOperationSchema, operations.resume_operation, answer="get_operation"),
    "destroy_failed_rows": CommandSpec(
        schemas.DestroyFailedRowsSchema, failed_rows.destroy_failed_rows, answer="get_operation", changes=False
    ),
    "revert_operation": CommandSpec(
        schemas.RevertOperationSchema, reverts.revert_operation, answer="get_operation", changes=False
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_operation": one(schemas.GetOperationSchema, OPERATIONS, schemas.OperationView),
    "list_operation_history": history(schemas.GetOperationSchema, OPERATIONS),
    "list_operations": many(schemas.ListOperationsSchema, OPERATIONS, schemas.OperationView),
    "get_failed_rows": QuerySpec(
        schemas.GetOperationSchema, failed_rows.get_failed_rows, schemas.FailedRowsView, of_tools=True
    ),
    "propose_import": QuerySpec(
        schemas.ProposeImportSchema, tables.propose_import, schemas.ProposedImportView, of_tools=True
    ),
    "list_operation_rows": QuerySpec(
        schemas.ListOperationRowsSchema,
        list_operation_rows,
        schemas.OperationRowView,
        many=True,
        resource=OPERATION_ROWS,
    ),
    "list_revert_preview": QuerySpec(
        schemas.ListOperationRowsSchema,
        reverts.list_revert_preview,
        schemas.OperationRowView,
        many=True,
        of_tools=True,
    ),
}

"""The clients service's table of contents."""

from services.clients import events, queries
from services.clients.handlers import clients, edits, imports, operations, reverts, tasks
from services.clients.projections import CLIENTS, OPERATIONS, TASKS, USERS
from services.clients.published import CONTRACT, PUBLISHED
from services.clients.reactions import EFFECTS, REACTIONS
from services.clients.schemas import clients as schemas
from services.clients.schemas import operations as incoming
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="clients",
    events=(
        *CONTRACT,
        events.ImportStarted,
        events.EditStarted,
        events.RevertStarted,
        events.OperationRowsProcessed,
        events.OperationCompleted,
        events.OperationStopRequested,
        events.OperationStopped,
        events.OperationResumed,
        events.OperationReverted,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_client": CommandSpec(
            schemas.CreateClientSchema, clients.create_client, answer="get_client", changes=False
        ),
        "change_client": CommandSpec(schemas.ChangeClientSchema, clients.change_client, answer="get_client"),
        "assign_client": CommandSpec(schemas.AssignClientSchema, clients.assign_client, answer="get_client"),
        "assign_task": CommandSpec(schemas.AssignTaskSchema, tasks.assign_task, answer="get_task", changes=False),
        "complete_task": CommandSpec(schemas.CompleteTaskSchema, tasks.complete_task, answer="get_task"),
        "start_import": CommandSpec(
            incoming.StartImportSchema, imports.start_import, answer="get_operation", changes=False
        ),
        "edit_clients": CommandSpec(
            incoming.EditClientsSchema, edits.edit_clients, answer="get_operation", changes=False
        ),
        "assign_clients": CommandSpec(
            incoming.AssignClientsSchema, edits.assign_clients, answer="get_operation", changes=False
        ),
        "stop_operation": CommandSpec(incoming.StopOperationSchema, operations.stop_operation, answer="get_operation"),
        "resume_operation": CommandSpec(
            incoming.ResumeOperationSchema, operations.resume_operation, answer="get_operation"
        ),
        "revert_operation": CommandSpec(
            incoming.RevertOperationSchema, reverts.revert_operation, answer="get_operation", changes=False
        ),
    },
    queries={
        "get_client": one(schemas.GetClientSchema, queries.CLIENTS, schemas.ClientView),
        "list_client_history": history(schemas.GetClientSchema, queries.CLIENTS),
        "list_clients": many(schemas.ListClientsSchema, queries.CLIENTS, schemas.ClientView),
        "get_task": one(schemas.GetTaskSchema, queries.TASKS, schemas.TaskView),
        "list_task_history": history(schemas.GetTaskSchema, queries.TASKS),
        "list_tasks": many(schemas.ListTasksSchema, queries.TASKS, schemas.TaskView),
        "get_operation": one(incoming.GetOperationSchema, queries.OPERATIONS, incoming.OperationView),
        "list_operation_history": history(incoming.GetOperationSchema, queries.OPERATIONS),
        "list_operations": many(incoming.ListOperationsSchema, queries.OPERATIONS, incoming.OperationView),
        "list_operation_rows": QuerySpec(
            incoming.ListOperationRowsSchema,
            queries.list_operation_rows,
            incoming.OperationRowView,
            many=True,
            resource=queries.OPERATION_ROWS,
        ),
        "list_revert_preview": QuerySpec(
            incoming.ListOperationRowsSchema,
            reverts.list_revert_preview,
            incoming.OperationRowView,
            many=True,
            of_tools=True,
        ),
    },
    projections=(CLIENTS, TASKS, OPERATIONS, USERS),
    reactions=REACTIONS,
    effects=EFFECTS,
    hears=("documents", "gateway"),
)

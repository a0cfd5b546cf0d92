"""The clients service's table of contents."""

from services.clients import events, handlers, queries, schemas
from services.clients.projections import CLIENTS, IMPORTS, TASKS, USERS
from services.clients.published import CONTRACT, PUBLISHED
from services.clients.reactions import EFFECTS, REACTIONS
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="clients",
    events=(
        *CONTRACT,
        events.ImportStarted,
        events.ImportRowsProcessed,
        events.ImportCompleted,
        events.ImportStopped,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_client": CommandSpec(
            schemas.CreateClientSchema, handlers.create_client, answer="get_client", changes=False
        ),
        "change_client": CommandSpec(schemas.ChangeClientSchema, handlers.change_client, answer="get_client"),
        "assign_client": CommandSpec(schemas.AssignClientSchema, handlers.assign_client, answer="get_client"),
        "assign_task": CommandSpec(schemas.AssignTaskSchema, handlers.assign_task, answer="get_task", changes=False),
        "complete_task": CommandSpec(schemas.CompleteTaskSchema, handlers.complete_task, answer="get_task"),
        "start_import": CommandSpec(
            schemas.StartImportSchema, handlers.start_import, answer="get_operation", changes=False
        ),
        "stop_import": CommandSpec(
            schemas.StopImportSchema, handlers.stop_import, answer="get_operation", id_argument="import_id"
        ),
    },
    queries={
        "get_client": one(schemas.GetClientSchema, queries.CLIENTS, schemas.ClientView),
        "list_client_history": history(schemas.GetClientSchema, queries.CLIENTS),
        "list_clients": many(schemas.ListClientsSchema, queries.CLIENTS, schemas.ClientView),
        "get_task": one(schemas.GetTaskSchema, queries.TASKS, schemas.TaskView),
        "list_task_history": history(schemas.GetTaskSchema, queries.TASKS),
        "list_tasks": many(schemas.ListTasksSchema, queries.TASKS, schemas.TaskView),
        "get_operation": QuerySpec(schemas.GetOperationSchema, queries.get_operation, schemas.OperationView),
        "list_operation_rows": QuerySpec(
            schemas.ListOperationRowsSchema,
            queries.list_operation_rows,
            schemas.ImportRowView,
            many=True,
            resource=queries.OPERATION_ROWS,
        ),
    },
    projections=(CLIENTS, TASKS, IMPORTS, USERS),
    reactions=REACTIONS,
    effects=EFFECTS,
    hears=("documents", "gateway"),
)

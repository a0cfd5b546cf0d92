"""The clients service's table of contents."""

from services.clients.events import operations as happened
from services.clients.handlers import clients, dictionaries, edits, imports, operations, reverts, tasks
from services.clients.projections.clients import CLIENTS
from services.clients.projections.dictionaries import DICTIONARIES
from services.clients.projections.operations import OPERATIONS
from services.clients.projections.tasks import TASKS
from services.clients.projections.users import USERS
from services.clients.published import CONTRACT, PUBLISHED
from services.clients.queries import clients as of_clients
from services.clients.queries import dictionaries as of_dictionaries
from services.clients.queries import operations as of_operations
from services.clients.queries import tasks as of_tasks
from services.clients.reactions import EFFECTS, REACTIONS
from services.clients.schemas import clients as schemas
from services.clients.schemas import dictionaries as dictionary_schemas
from services.clients.schemas import operations as incoming
from services.clients.schemas import tasks as task_schemas
from services.kernel.commands import CommandSpec
from services.kernel.reactions import Timer
from services.kernel.wiring import QuerySpec, Service, history, many, one

SERVICE = Service(
    name="clients",
    events=(
        *CONTRACT,
        happened.ImportStarted,
        happened.EditStarted,
        happened.RevertStarted,
        happened.OperationRowsProcessed,
        happened.OperationCompleted,
        happened.OperationStopRequested,
        happened.OperationStopped,
        happened.OperationResumed,
        happened.OperationReverted,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_client": CommandSpec(
            schemas.CreateClientSchema, clients.create_client, answer="get_client", changes=False
        ),
        "change_client": CommandSpec(schemas.ChangeClientSchema, clients.change_client, answer="get_client"),
        "assign_client": CommandSpec(schemas.AssignClientSchema, clients.assign_client, answer="get_client"),
        "check_client": CommandSpec(schemas.CheckClientSchema, clients.check_client, answer="get_client"),
        "add_dictionary_entry": CommandSpec(
            dictionary_schemas.AddDictionaryEntrySchema,
            dictionaries.add_dictionary_entry,
            answer="get_dictionary_entry",
            changes=False,
        ),
        "change_dictionary_entry": CommandSpec(
            dictionary_schemas.ChangeDictionaryEntrySchema,
            dictionaries.change_dictionary_entry,
            answer="get_dictionary_entry",
        ),
        "add_client_field": CommandSpec(
            dictionary_schemas.AddClientFieldSchema,
            dictionaries.add_client_field,
            answer="get_client_field",
            changes=False,
        ),
        "describe_client_field": CommandSpec(
            dictionary_schemas.DescribeClientFieldSchema,
            dictionaries.describe_client_field,
            answer="get_client_field",
            changes=False,
        ),
        "change_client_field": CommandSpec(
            dictionary_schemas.ChangeClientFieldSchema, dictionaries.change_client_field, answer="get_client_field"
        ),
        "assign_task": CommandSpec(task_schemas.AssignTaskSchema, tasks.assign_task, answer="get_task", changes=False),
        "complete_task": CommandSpec(task_schemas.CompleteTaskSchema, tasks.complete_task, answer="get_task"),
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
        "get_client": one(schemas.GetClientSchema, of_clients.CLIENTS, schemas.ClientView),
        "list_client_history": history(schemas.GetClientSchema, of_clients.CLIENTS),
        "list_clients": QuerySpec(
            schemas.ListClientsSchema,
            of_clients.list_clients,
            schemas.ClientView,
            many=True,
            resource=of_clients.CLIENTS,
        ),
        "get_dictionary_entry": one(
            dictionary_schemas.GetDictionaryEntrySchema, of_dictionaries.ENTRIES, dictionary_schemas.DictionaryEntryView
        ),
        "list_dictionary_entry_history": history(dictionary_schemas.GetDictionaryEntrySchema, of_dictionaries.ENTRIES),
        "list_dictionary_entries": many(
            dictionary_schemas.ListDictionaryEntriesSchema,
            of_dictionaries.ENTRIES,
            dictionary_schemas.DictionaryEntryView,
        ),
        "get_client_field": one(
            dictionary_schemas.GetClientFieldSchema, of_dictionaries.CLIENT_FIELDS, dictionary_schemas.ClientFieldView
        ),
        "list_client_field_history": history(dictionary_schemas.GetClientFieldSchema, of_dictionaries.CLIENT_FIELDS),
        "list_client_fields": many(
            dictionary_schemas.ListClientFieldsSchema,
            of_dictionaries.CLIENT_FIELDS,
            dictionary_schemas.ClientFieldView,
        ),
        "get_task": one(task_schemas.GetTaskSchema, of_tasks.TASKS, task_schemas.TaskView),
        "list_task_history": history(task_schemas.GetTaskSchema, of_tasks.TASKS),
        "list_tasks": many(task_schemas.ListTasksSchema, of_tasks.TASKS, task_schemas.TaskView),
        "get_operation": one(incoming.GetOperationSchema, of_operations.OPERATIONS, incoming.OperationView),
        "list_operation_history": history(incoming.GetOperationSchema, of_operations.OPERATIONS),
        "list_operations": many(incoming.ListOperationsSchema, of_operations.OPERATIONS, incoming.OperationView),
        "list_operation_rows": QuerySpec(
            incoming.ListOperationRowsSchema,
            of_operations.list_operation_rows,
            incoming.OperationRowView,
            many=True,
            resource=of_operations.OPERATION_ROWS,
        ),
        "list_revert_preview": QuerySpec(
            incoming.ListOperationRowsSchema,
            reverts.list_revert_preview,
            incoming.OperationRowView,
            many=True,
            of_tools=True,
        ),
    },
    projections=(CLIENTS, DICTIONARIES, TASKS, OPERATIONS, USERS),
    reactions=REACTIONS,
    effects=EFFECTS,
    timers=(Timer("defaults", of_dictionaries.due_defaults, every=3600),),
    hears=("documents", "gateway"),
)

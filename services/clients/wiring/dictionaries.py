"""Dictionaries and the fields of cards: what can be asked about them."""

from collections.abc import Mapping

from services.clients.handlers import dictionaries as handlers
from services.clients.queries.dictionaries import CLIENT_FIELDS, ENTRIES
from services.clients.schemas import dictionaries as schemas
from services.kernel.commands import CommandSpec
from services.kernel.wiring import QuerySpec, history, many, one

COMMANDS: Mapping[str, CommandSpec] = {
    "add_dictionary_entry": CommandSpec(
        schemas.AddDictionaryEntrySchema,
        handlers.add_dictionary_entry,
        answer="get_dictionary_entry",
        changes=False,
    ),
    "change_dictionary_entry": CommandSpec(
        schemas.ChangeDictionaryEntrySchema,
        handlers.change_dictionary_entry,
        answer="get_dictionary_entry",
    ),
    "add_client_field": CommandSpec(
        schemas.AddClientFieldSchema,
        handlers.add_client_field,
        answer="get_client_field",
        changes=False,
    ),
    "install_defaults": CommandSpec(schemas.InstallDefaultsSchema, handlers.install_defaults, changes=False),
    "change_client_field": CommandSpec(
        schemas.ChangeClientFieldSchema, handlers.change_client_field, answer="get_client_field"
    ),
}

QUERIES: Mapping[str, QuerySpec] = {
    "get_dictionary_entry": one(schemas.GetDictionaryEntrySchema, ENTRIES, schemas.DictionaryEntryView),
    "list_dictionary_entry_history": history(schemas.GetDictionaryEntrySchema, ENTRIES),
    "list_dictionary_entries": many(
        schemas.ListDictionaryEntriesSchema,
        ENTRIES,
        schemas.DictionaryEntryView,
    ),
    "get_client_field": one(schemas.GetClientFieldSchema, CLIENT_FIELDS, schemas.ClientFieldView),
    "list_client_field_history": history(schemas.GetClientFieldSchema, CLIENT_FIELDS),
    "list_client_fields": many(
        schemas.ListClientFieldsSchema,
        CLIENT_FIELDS,
        schemas.ClientFieldView,
    ),
}

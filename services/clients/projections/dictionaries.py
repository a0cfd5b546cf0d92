"""Dictionaries and the fields of cards: events to rows."""

from services.clients import tables as t
from services.clients.events.dictionaries import ClientFieldAdded, DictionaryEntryAdded
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_dictionary_entry_added(rows: Rows, recorded: Recorded) -> None:
    event: DictionaryEntryAdded = recorded.event
    rows.put(
        t.dictionary_entries,
        {
            "id": recorded.subject,
            "version": recorded.version,
            "dictionary": event.dictionary,
            "code": event.code,
            "name": event.name,
            "parent": event.parent,
            "retired": False,
        },
    )


def on_dictionary_entry_changed(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.dictionary_entries, recorded.subject, version=recorded.version, **recorded.event.after)


def on_client_field_added(rows: Rows, recorded: Recorded) -> None:
    event: ClientFieldAdded = recorded.event
    rows.put(
        t.client_fields,
        {
            "id": event.code,
            "version": recorded.version,
            "label": event.label,
            "kind": event.kind,
            "block": event.block,
            "dictionary": event.dictionary,
            "custom": event.custom,
            "hidden": False,
        },
    )


def on_client_field_changed(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.client_fields, recorded.subject, version=recorded.version, **recorded.event.after)


DICTIONARIES = Projection(
    name="dictionaries",
    tables=(t.dictionary_entries, t.client_fields),
    on={
        "clients": {
            "DictionaryEntryAdded": on_dictionary_entry_added,
            "DictionaryEntryChanged": on_dictionary_entry_changed,
            "ClientFieldAdded": on_client_field_added,
            "ClientFieldChanged": on_client_field_changed,
        }
    },
)

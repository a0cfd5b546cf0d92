"""A service that takes notes and publishes them; every third is followed by a private event."""

from dataclasses import dataclass

import marshmallow as ma
import sqlalchemy as sa

from services.kernel.commands import CommandSchema, CommandSpec, Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.events import event
from services.kernel.projections import Projection
from services.kernel.published import as_it_is
from services.kernel.schemas import EventSchema, Id
from services.kernel.store.aggregates import Aggregate
from services.kernel.wiring import QuerySpec, Service

metadata = sa.MetaData(schema="views")
notes = sa.Table("notes", metadata, sa.Column("id", sa.Text, primary_key=True), sa.Column("number", sa.Integer))


@dataclass(frozen=True)
class TakeNote:
    note_id: str
    number: int


@event("NoteTaken")
@dataclass(frozen=True)
class NoteTaken:
    note_id: str
    number: int


@event("NoteFiled")
@dataclass(frozen=True)
class NoteFiled:
    note_id: str


class TakeNoteSchema(CommandSchema):
    command = TakeNote

    note_id = Id(required=True)
    number = ma.fields.Integer(required=True)


class GetNoteSchema(ma.Schema):
    note_id = Id(required=True)


class NoteView(ma.Schema):
    id = ma.fields.String()
    number = ma.fields.Integer()


class NoteTakenSchema(EventSchema):
    note_id = ma.fields.String()
    number = ma.fields.Integer()


NOTE: Aggregate[bool] = Aggregate("note", bool, lambda _state, _event: True)


def take_note(tools: Tools, command: TakeNote, context: Context) -> Written:
    events: list[object] = [NoteTaken(command.note_id, command.number)]
    if command.number % 3 == 0:
        events.append(NoteFiled(command.note_id))
    return tools.append(context, tools.begin(NOTE, command.note_id), events)


def on_note_taken(rows, recorded):
    rows.put(notes, {"id": recorded.event.note_id, "number": recorded.event.number})


def get_note(connection, arguments, _rights):
    row = connection.execute(sa.select(notes).where(notes.c.id == arguments["note_id"])).first()
    if row is None:
        raise NotFound(what="note", id=arguments["note_id"])
    return dict(row._mapping)


def all_notes(connection, _arguments, _rights):
    return [list(row) for row in connection.execute(sa.select(notes.c.id, notes.c.number).order_by(notes.c.id))]


SERVICE = Service(
    name="alpha",
    events=(NoteTaken, NoteFiled),
    published={NoteTaken: as_it_is},
    contract={NoteTaken: NoteTakenSchema},
    commands={"take_note": CommandSpec(TakeNoteSchema, take_note, "get_note", changes=False)},
    queries={
        "get_note": QuerySpec(GetNoteSchema, get_note, NoteView),
        "all_notes": QuerySpec(ma.Schema, all_notes, NoteView),
    },
    projections=(Projection("notes", (notes,), {"alpha": {"NoteTaken": on_note_taken}}),),
)

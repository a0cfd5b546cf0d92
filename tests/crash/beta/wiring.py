"""A service that hears notes: counts them, and writes every fifth into a file, once."""

import os
from pathlib import Path

import marshmallow as ma
import sqlalchemy as sa

from services.kernel.projections import Projection
from services.kernel.reactions import Effect, Outcome, Plan, Reaction
from services.kernel.wiring import QuerySpec, Service
from tests.crash.alpha.wiring import NoteView

metadata = sa.MetaData(schema="views")
heard = sa.Table(
    "heard",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer),
    sa.Column("times", sa.Integer),
    sa.Column("position", sa.BigInteger),
)


def on_note_taken(rows, message):
    before = rows.get(heard, message.subject)
    times = before["times"] + 1 if before else 1
    number = message.data["number"]
    rows.put(heard, {"id": message.subject, "number": number, "times": times, "position": message.position})


def all_heard(connection, _arguments, _rights):
    query = sa.select(heard.c.id, heard.c.number, heard.c.times).order_by(heard.c.position)
    return [list(row) for row in connection.execute(query)]


def all_received(log, _arguments, _rights):
    found = log.after("alpha", 0, 100_000)
    return [[m.position, m.subject, m.data["number"]] for m in found]


def plan_line(message, _tools):
    number = message.data["number"]
    return [Plan("write_line", {"number": number})] if number % 5 == 0 else []


def write_line(arguments, _tools, _context):
    with Path(os.environ["LINES_FILE"]).open("a", encoding="utf-8") as lines:
        lines.write(f"{arguments['number']}\n")
    return Outcome()


SERVICE = Service(
    name="beta",
    events=(),
    queries={
        "all_heard": QuerySpec(ma.Schema, all_heard, NoteView),
        "all_received": QuerySpec(ma.Schema, all_received, NoteView, of_log=True),
    },
    projections=(Projection("heard", (heard,), {"alpha": {"NoteTaken": on_note_taken}}),),
    reactions=(Reaction("write_line", "alpha", {"NoteTaken": plan_line}),),
    effects=(Effect("write_line", write_line, on_unknown="leave"),),
    hears=("alpha",),
)

"""All that one user has in hand goes to another, piece by piece; and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import sqlalchemy as sa

from services.clients import tables as t
from services.clients.commands.contacts import ChangeContact
from services.clients.commands.interactions import ChangeInteraction
from services.clients.commands.leads import AssignLead
from services.clients.commands.operations import HandOver
from services.clients.commands.tasks import ChangeTask
from services.clients.domain import contact as contacts
from services.clients.domain import interaction as interactions
from services.clients.domain import lead as leads
from services.clients.domain import task as tasks
from services.clients.domain.client import Client
from services.clients.domain.operation import CHUNK, Operation
from services.clients.domain.undo import MANAGER
from services.clients.events.operations import HandOverStarted, RowResult
from services.clients.handlers.aggregates import CONTACT, INTERACTION, LEAD, OPERATION, TASK
from services.clients.handlers.clients import require_user
from services.clients.handlers.edits import by_key, change_once, once
from services.clients.handlers.leads.capturing import handed_over
from services.clients.handlers.long_lists import Keeping, contents_of, entries
from services.clients.handlers.tasks import timed
from services.clients.queries.clients import CLIENTS, COUNTED
from services.clients.queries.contacts import CONTACTS
from services.clients.queries.interactions import INTERACTIONS
from services.clients.queries.leads import LEADS
from services.clients.queries.tasks import TASKS
from services.clients.queries.users import user_is_known
from services.clients.tables import leads as lead_tables
from services.kernel.bulk import carry_out
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import FieldError, Invalid, NotFound, Refusal
from services.kernel.lists import Resource
from services.kernel.rights import Rights
from services.kernel.store.aggregates import Aggregate, Loaded, load
from services.kernel.store.claims import StreamEvents

MOST = 100_000
HANDED = "handed_over"


class TooMuchInHand(Refusal):
    status = 422
    ru = "Сразу передаётся не больше {most} клиентов или дел одного вида"
    en = "No more than {most} clients or pieces of work of one kind are handed over at a time"


class Piece(msgspec.Struct, array_like=True, frozen=True):
    what: str
    id: str


@dataclass(frozen=True, slots=True)
class InHand:
    """One kind of what a user has in hand: whose it is as long as it is open, and how it becomes another's."""

    resource: Resource
    aggregate: Aggregate[Any]
    of: Callable[[str], sa.ColumnElement[bool]]
    holder: Callable[[Any], str | None]
    give: Callable[[Any, str], Sequence[Any]]
    along: Callable[[Tools, Any, str, Context], list[StreamEvents]] = lambda *_: []


def _lead_in_hand() -> InHand:
    lead = lead_tables.leads.c
    return InHand(
        LEADS,
        LEAD,
        lambda user: sa.and_(lead.assignee_id == user, lead.state.in_(("new", "in_work"))),
        lambda state: state.assignee_id if state.state in ("new", "in_work") else None,
        lambda state, user: leads.assign_lead(state, AssignLead(state.id, user)),
        lambda tools, state, user, context: handed_over(tools, state, AssignLead(state.id, user), context),
    )


# a lead brings along the task of its first contact
IN_HAND: Mapping[str, InHand] = {
    "lead": _lead_in_hand(),
    "task": InHand(
        TASKS,
        TASK,
        lambda user: sa.and_(t.tasks.c.assignee_id == user, t.tasks.c.state == "open"),
        lambda state: state.assignee_id if state.state == "open" else None,
        lambda state, user: tasks.change_task(state, ChangeTask(state.id, {"assignee_id": user}), timed),
    ),
    "interaction": InHand(
        INTERACTIONS,
        INTERACTION,
        lambda user: sa.and_(t.interactions.c.employee_id == user, t.interactions.c.state == "planned"),
        lambda state: state.employee_id if state.state == "planned" else None,
        lambda state, user: interactions.change_interaction(state, ChangeInteraction(state.id, {"employee_id": user})),
    ),
    "contact": InHand(
        CONTACTS,
        CONTACT,
        lambda user: t.contacts.c.responsible_id == user,
        lambda state: state.responsible_id,
        lambda state, user: contacts.change_contact(state, ChangeContact(state.id, {"responsible_id": user})),
    ),
}


def hand_over(tools: Tools, command: HandOver, context: Context) -> Written:
    """What he has in hand, as far as the caller sees it, is looked up now; `user_id` may be deactivated."""
    unknown = NotFound(what="user", id=command.user_id)
    if not context.rights.reach(command.user_id):
        raise unknown
    tools.require("gateway", lambda read: user_is_known(read, command.user_id), unknown)
    if command.user_id == command.successor_id:
        ru, en = "Преемник тот же самый", "The successor is the same"
        raise Invalid([FieldError("successor_id", "same-user", ru, en)])
    require_user(tools, "successor_id", command.successor_id)
    pieces = _pieces(tools, command.user_id, context.rights)
    keeping = Keeping(tools)
    keeping.add(pieces)
    started = HandOverStarted(
        command.operation_id, context.actor, len(pieces), command.user_id, command.successor_id, keeping.end()
    )
    return tools.append(context, tools.begin(OPERATION, command.operation_id), [started])


def _pieces(tools: Tools, user_id: str, rights: Rights) -> list[Piece]:
    his = {what: (kind.resource, kind.of(user_id)) for what, kind in IN_HAND.items()}
    his["client"] = (CLIENTS, sa.and_(COUNTED, t.clients.c.manager_id == user_id))
    pieces = []
    with tools.read() as connection:
        for what, (resource, of_him) in his.items():
            ids = resource.keys(connection, {}, rights, MOST + 1, of_him)
            if len(ids) > MOST:
                raise TooMuchInHand(most=MOST)
            pieces += [Piece(what, id) for id in ids]
    return pieces


def hand_over_rows(tools: Tools, running: Operation, context: Context) -> list[RowResult]:
    """Hands over the next pieces."""
    pieces = entries(tools, contents_of(tools, running.file_hash), running.done, running.done + CHUNK, Piece)
    numbered = list(enumerate(pieces, running.done + 1))
    return carry_out(numbered, line_of, lambda one: _hand(tools, running, *one, context))


def line_of(numbered: tuple[int, Piece]) -> str | None:
    """A lead's task may be among the tasks."""
    return "lead" if numbered[1].what in ("lead", "task") else None


def _hand(tools: Tools, running: Operation, row: int, piece: Piece, context: Context) -> RowResult:
    if piece.what == "client":

        def wanted(client: Loaded[Client]) -> Mapping[str, Any]:
            return {MANAGER: running.successor_id} if client.state.manager_id == running.user_id else {}

        changed = change_once(tools, running, row, piece.id, wanted, HANDED, context)
        return replace(changed, what="client", subject_id=piece.id)
    return pass_once(tools, running, row, piece, HANDED, context)


def pass_once(tools: Tools, running: Operation, row: int, piece: Piece, outcome: str, context: Context) -> RowResult:
    """From the operation's user to his successor, where it is still open and in his hands."""
    kind, giver, taker = IN_HAND[piece.what], running.user_id, running.successor_id
    assert taker is not None
    result = RowResult(row, outcome, None, what=piece.what, subject_id=piece.id)

    def change(key: str) -> RowResult:
        loaded = load(tools.store, kind.aggregate, piece.id)
        if kind.holder(loaded.state) != giver:
            return replace(result, outcome="unchanged")
        require_user(tools, "successor_id", taker)
        also = kind.along(tools, loaded.state, taker, context)
        events = kind.give(loaded.state, taker)
        written = by_key(tools, key, loaded).append(context, loaded, events, also=also)
        return replace(result, before=loaded.version, after=written.version)

    return once(tools, running, result, change)


def whose(tools: Tools, piece: Piece) -> str | None:
    """Who has it in hand, where it is still open."""
    kind = IN_HAND[piece.what]
    return kind.holder(load(tools.store, kind.aggregate, piece.id).state)

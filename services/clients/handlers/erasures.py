"""Forgetting people: what they are known by is given up at once, the key is destroyed then."""

import time
from collections.abc import Sequence
from typing import Any

from services.clients.commands.erasures import EraseClient, EraseContact, EraseLead
from services.clients.domain import erasure as erasures
from services.clients.domain.client import Client
from services.clients.domain.erasure import ErasedAlready
from services.clients.domain.merge import COMPANY
from services.clients.events.erasures import ErasureRequested
from services.clients.handlers.aggregates import CLIENT, CONTACT, ERASURE, LEAD
from services.clients.handlers.attachments import destroy_attachments_of
from services.clients.handlers.clients import held_keys, load_client, standing_for
from services.clients.handlers.leads.closing import first_contact_over
from services.clients.queries.leads import erasure_is_seen, leads_of_person
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.keyring import TRUSTED_SECONDS
from services.kernel.reactions import Arguments, Outcome
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import Key, StreamEvents

PERSONS = ("client-phone", "client-email")  # what of a company's keys tells of a person
LET_GO = TRUSTED_SECONDS + 1.0  # by then no process trusts a key that it remembers


class LeadsNotSeenYet(Exception):
    """The list of leads has not come as far as the request; it is looked at again."""


def erase_client(tools: Tools, command: EraseClient, context: Context) -> Written:
    """What he is known by as a duplicate he gives up: who comes back is somebody new. Whoever was
    merged into him is forgotten with him."""
    asked = tools.load(CLIENT, command.client_id, context)
    if not context.rights.reach(standing_for(tools, asked.state).manager_id):
        raise NotFound(what="client", id=command.client_id)
    loaded = load_client(tools, command.client_id, context)
    others = [load(tools.store, CLIENT, id_) for id_ in loaded.state.others]
    also, release = [], _let_go(tools, loaded)
    for other in others:
        if not tools.exists(ERASURE, other.id):
            also += [_unchanged(other), StreamEvents(ERASURE.stream(other.id), 0, _of_client(other, command.reason))]
            release += _let_go(tools, other)
    return _request(tools, loaded, _of_client(loaded, command.reason), context, also, release)


def _of_client(client: Loaded[Client], reason: str) -> list[ErasureRequested]:
    return erasures.request_erasure("client", client.id, reason, whole=client.state.kind != COMPANY)


def _let_go(tools: Tools, client: Loaded[Client]) -> list[Key]:
    scopes = PERSONS if client.state.kind == COMPANY else ()
    return list(held_keys(tools, client.state.card, client.stream, scopes))


def erase_contact(tools: Tools, command: EraseContact, context: Context) -> Written:
    loaded = tools.load(CONTACT, command.contact_id, context)
    if not context.rights.reach(loaded.state.responsible_id):
        raise NotFound(what="contact", id=command.contact_id)
    return _request(tools, loaded, erasures.request_erasure("contact", loaded.id, command.reason, whole=True), context)


def erase_lead(tools: Tools, command: EraseLead, context: Context) -> Written:
    loaded = tools.load(LEAD, command.lead_id, context)
    if not context.rights.reach(loaded.state.assignee_id):
        raise NotFound(what="lead", id=command.lead_id)
    requested = erasures.request_erasure("lead", loaded.id, command.reason, whole=True)
    return _request(tools, loaded, requested, context, first_contact_over(tools, loaded.state, cancelled=True))


def _request(
    tools: Tools,
    person: Loaded[Any],
    events: Sequence[ErasureRequested],
    context: Context,
    also: Sequence[StreamEvents] = (),
    release: Sequence[Key] = (),
) -> Written:
    """Taken on the person as he stands: only his own stream may let go of his keys."""
    if tools.exists(ERASURE, person.id):
        raise ErasedAlready
    begun = tools.begin(ERASURE, person.id)
    return tools.append(context, begun, events, also=[_unchanged(person), *also], release=release)


def _unchanged(person: Loaded[Any]) -> StreamEvents:
    return StreamEvents(person.stream, person.version, [])


def run_erase_person(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """What others do about it they do once nothing can be opened any more, wherever they stand. With
    a client go the leads that he once was."""
    loaded = tools.load(ERASURE, arguments["person"], context)
    once = _leads(tools, loaded.state.person) if loaded.state.what == "client" else []
    destroy_attachments_of(tools, loaded.state.person)
    for person in (*once, loaded.state.person):
        tools.forget(PersonKey(person, "relation"))
    time.sleep(LET_GO)
    return Outcome([StreamEvents(loaded.stream, loaded.version, erasures.complete_erasure(loaded.state))])


def _leads(tools: Tools, client_id: str) -> list[str]:
    """All of them: whoever asks for the erasure is no lead of his any more, so who has seen it knows."""
    with tools.read() as connection:
        if not erasure_is_seen(connection, client_id):
            raise LeadsNotSeenYet(client_id)
        return leads_of_person(connection, client_id)

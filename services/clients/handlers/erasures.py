"""Forgetting people: what they are known by is given up at once, the key is destroyed then."""

import time
from collections.abc import Sequence
from typing import Any

from services.clients.commands.erasures import EraseClient, EraseContact
from services.clients.domain import erasure as erasures
from services.clients.domain.erasure import ErasedAlready
from services.clients.events.erasures import ErasureRequested
from services.clients.handlers.aggregates import CLIENT, CONTACT, ERASURE
from services.clients.handlers.clients import held_keys
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.keyring import TRUSTED_SECONDS
from services.kernel.reactions import Arguments, Outcome
from services.kernel.store.aggregates import Loaded
from services.kernel.store.claims import Key, StreamEvents

PERSONS = ("client-phone", "client-email")  # what of a company's keys tells of a person
LET_GO = TRUSTED_SECONDS + 1.0  # by then no process trusts a key that it remembers


def erase_client(tools: Tools, command: EraseClient, context: Context) -> Written:
    """What he is known by as a duplicate he gives up: who comes back is somebody new."""
    loaded = tools.load(CLIENT, command.client_id, context)
    if not context.rights.reach(loaded.state.manager_id):
        raise NotFound(what="client", id=command.client_id)
    whole = loaded.state.kind != "legal_entity"
    held = held_keys(tools, loaded.state.card, loaded.stream, () if whole else PERSONS)
    return _request(
        tools, loaded, erasures.request_erasure("client", loaded.id, command.reason, whole=whole), context, held
    )


def erase_contact(tools: Tools, command: EraseContact, context: Context) -> Written:
    loaded = tools.load(CONTACT, command.contact_id, context)
    if not context.rights.reach(loaded.state.responsible_id):
        raise NotFound(what="contact", id=command.contact_id)
    return _request(tools, loaded, erasures.request_erasure("contact", loaded.id, command.reason, whole=True), context)


def _request(
    tools: Tools,
    person: Loaded[Any],
    events: Sequence[ErasureRequested],
    context: Context,
    release: Sequence[Key] = (),
) -> Written:
    """Taken on the person as he stands: only his own stream may let go of his keys."""
    if tools.exists(ERASURE, person.id):
        raise ErasedAlready
    unchanged = StreamEvents(person.stream, person.version, [])
    return tools.append(context, tools.begin(ERASURE, person.id), events, also=[unchanged], release=release)


def run_erase_person(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """What others do about it they do once nothing can be opened any more, wherever they stand."""
    loaded = tools.load(ERASURE, arguments["person"], context)
    tools.forget(PersonKey(loaded.state.person, "relation"))
    time.sleep(LET_GO)
    return Outcome([StreamEvents(loaded.stream, loaded.version, erasures.complete_erasure(loaded.state))])

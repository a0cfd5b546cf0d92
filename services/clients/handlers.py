"""Load, decide, append: one function per command."""

from collections.abc import Mapping
from typing import Any

from services.clients.commands import AssignClient, ChangeClient, CreateClient
from services.clients.domain import client as clients
from services.clients.domain.identity import IdentityKey, identity_keys
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.store.aggregates import Aggregate
from services.kernel.store.claims import Key, KeyTaken

CLIENT: Aggregate[clients.Client] = Aggregate("client", clients.Client, clients.evolve)


class DuplicateClient(Refusal):
    ru = "Похожий клиент уже есть: {candidates}"
    en = "A similar client exists already: {candidates}"


def create_client(tools: Tools, command: CreateClient, context: Context) -> Written:
    [created] = events = clients.create_client(command)
    keys = _keys(tools, created.kind, {name: getattr(created, name) for name in clients.CARD})
    if command.allow_duplicate:
        keys = [key for key in keys if tools.store.owner(key) is None]
    try:
        return tools.append(context, tools.begin(CLIENT, command.client_id), events, claim=keys)
    except KeyTaken as taken:
        raise _duplicate(tools, keys, taken) from taken


def change_client(tools: Tools, command: ChangeClient, context: Context) -> Written:
    loaded = tools.load(CLIENT, command.client_id, context)
    events = clients.change_client(loaded.state, command)
    state = loaded.state
    for event in events:
        state = clients.evolve(state, event)
    before = {key for key in _keys(tools, state.kind, loaded.state.card) if tools.store.owner(key) == loaded.stream}
    after = set(_keys(tools, state.kind, state.card))
    new = sorted(after - before)
    if command.allow_duplicate:
        new = [key for key in new if tools.store.owner(key) is None]
    try:
        return tools.append(context, loaded, events, claim=new, release=sorted(before - after))
    except KeyTaken as taken:
        raise _duplicate(tools, new, taken) from taken


def assign_client(tools: Tools, command: AssignClient, context: Context) -> Written:
    loaded = tools.load(CLIENT, command.client_id, context)
    return tools.append(context, loaded, clients.assign_client(loaded.state, command))


def _keys(tools: Tools, kind: str, card: Mapping[str, Any]) -> list[Key]:
    """The client's identity as unique keys that tell nothing about the person."""
    found: frozenset[IdentityKey] = identity_keys(
        inn=card["inn"] or "",
        kpp=card["kpp"] or "",
        name=card["name"] or "",
        phones=[phone.number for phone in card["phones"] or () if phone.number],
        emails=[email.address for email in card["emails"] or () if email.valid],
    )
    return sorted(Key(f"client-{scope}", tools.claim_key(scope, key)) for scope, key in found)


def _duplicate(tools: Tools, keys: list[Key], taken: KeyTaken) -> DuplicateClient:
    owners = {taken.stream} | {owner for key in keys if (owner := tools.store.owner(key))}
    return DuplicateClient(candidates=", ".join(sorted(owner.partition(":")[2] for owner in owners)))

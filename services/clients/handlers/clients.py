"""Clients: load, decide, append."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.clients.commands.clients import AssignClient, ChangeClient, CheckClient, CreateClient
from services.clients.domain import client as clients
from services.clients.domain.identity import IdentityKey, decisive, identity_keys, inn_keys
from services.clients.domain.vip import NotForVip
from services.clients.handlers.aggregates import CLIENT, ERASURE, VIP_MANAGER
from services.clients.handlers.dictionaries import with_codes_checked
from services.clients.queries.aliases import ALIASES
from services.clients.queries.users import find_manager_name, user_is_active
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import FieldError, Forgotten, NotFound, Refusal, StaleVersion
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import Key, KeyTaken, StreamEvents

DECISIVE_FIELDS = {"client-inn": "inn", "client-phone": "phones", "client-email": "emails", "client-name": "name"}
DECISIVE_FIELDS |= {"client-inn-branch": "inn"}


class UnknownClient(Refusal):
    status = 422
    ru = "Клиента {client_id} нет"
    en = "There is no client {client_id}"


class UnknownUser(Refusal):
    status = 422
    ru = "Пользователя {user_id} нет или он отключён"
    en = "There is no user {user_id}, or he is deactivated"


class OthersManager(Refusal):
    status = 422
    ru = "Клиентов пользователя {user_id} вы не видите"
    en = "The clients of user {user_id} are not yours to see"


class DuplicateClient(Refusal):
    ru = "Похожий клиент уже есть: {candidates}"
    en = "A similar client exists already: {candidates}"


def create_client(tools: Tools, command: CreateClient, context: Context, also: Sequence[StreamEvents] = ()) -> Written:
    """Who sees only some users' clients makes new ones for himself, or for one of these."""
    if not context.rights.reach(command.manager_id):
        if command.manager_id is not None:
            raise OthersManager.on("manager_id", user_id=command.manager_id)
        command = replace(command, manager_id=context.actor)
    require_user(tools, "manager_id", command.manager_id)
    details = with_codes_checked(tools, command.fields.details, {})
    command = replace(command, fields=replace(command.fields, details=details))
    [created] = events = clients.create_client(command)
    keys = _keys(tools, clients.card_of(created))
    begun = tools.begin(CLIENT, command.client_id)
    claim = _to_claim(tools, keys, _Keys(), {begun.stream}, allow_duplicate=command.allow_duplicate)
    try:
        return tools.append(context, begun, events, also=also, claim=claim)
    except KeyTaken as taken:
        if taken.key in keys.seat:
            return create_client(tools, command, context, also)  # another branch was faster
        raise _duplicate(
            tools, _held_by_others(tools, keys.own, {begun.stream}) | {(taken.key, taken.stream)}
        ) from taken


def foresee_client(tools: Tools, command: CreateClient) -> tuple[frozenset[Key], frozenset[Key]]:
    """The keys that a new client would be compared by, and those it would hold; refuses one that is
    similar to another as creating it would. Nothing is written."""
    [created] = clients.create_client(command)
    keys = _keys(tools, clients.card_of(created))
    if similar := _held_by_others(tools, keys.own | keys.watched, ()):
        raise _duplicate(tools, similar)
    return keys.own | keys.watched, keys.own | keys.seat


def change_client(tools: Tools, command: ChangeClient, context: Context) -> Written:
    loaded = load_client(tools, command.client_id, context)
    unforgotten = not_forgotten(tools, command.client_id)
    state = loaded.state
    checked = replace(command, changes=with_codes_checked(tools, command.changes, state.card))
    events = clients.change_client(state, checked)
    for event in events:
        state = clients.evolve(state, event)
    before, after = _keys(tools, loaded.state.card), _keys(tools, state.card)
    claim = _to_claim(tools, after, before, _family(loaded), allow_duplicate=command.allow_duplicate)
    try:
        release = given_up(tools, loaded, state)
        return tools.append(context, loaded, events, also=[unforgotten], claim=claim, release=release)
    except KeyTaken as taken:
        if taken.key in after.seat:
            return change_client(tools, command, context)
        shared = _held_by_others(tools, after.own - before.own, _family(loaded))
        raise _duplicate(tools, shared | {(taken.key, taken.stream)}) from taken


def load_client(tools: Tools, client_id: str, context: Context) -> Loaded[clients.Client]:
    """A client to decide on. Of one that was merged into another it is told which, whatever version
    the caller has seen: what he was shown is the other one."""
    try:
        loaded = tools.load(CLIENT, client_id, context)
    except StaleVersion:
        clients.require_standing(load(tools.store, CLIENT, client_id).state)
        raise
    clients.require_standing(loaded.state)
    return loaded


def not_forgotten(tools: Tools, client_id: str) -> StreamEvents:
    """Demands that nobody asks to forget him at the same time."""
    if tools.exists(ERASURE, client_id):
        raise Forgotten
    return StreamEvents(ERASURE.stream(client_id), 0, [])


def assign_client(tools: Tools, command: AssignClient, context: Context) -> Written:
    loaded = load_client(tools, command.client_id, context)
    require_user(tools, "manager_id", command.manager_id)
    also = for_vip(tools, command.manager_id) if loaded.state.vip else []
    return tools.append(context, loaded, clients.assign_client(loaded.state, command), also=also)


def for_vip(tools: Tools, manager_id: str | None) -> list[StreamEvents]:
    """Demands that a user may look after VIP clients, and still may when that is written."""
    if manager_id is None:
        return []
    if tools.exists(VIP_MANAGER, manager_id):
        manager = load(tools.store, VIP_MANAGER, manager_id)
        if manager.state.named:
            return [StreamEvents(manager.stream, manager.version, [])]
    raise NotForVip.on("manager_id", user_id=manager_id)


def check_client(tools: Tools, command: CheckClient, context: Context) -> Written:
    loaded = load_client(tools, command.client_id, context)
    return tools.append(context, loaded, clients.check_client(loaded.state))


@dataclass(frozen=True, slots=True)
class _Keys:
    """A client's identity as unique keys that tell nothing about the person: those it must have for
    itself, those that make whoever holds them similar to it, and those it takes while they are free."""

    own: frozenset[Key] = frozenset()
    watched: frozenset[Key] = frozenset()
    seat: frozenset[Key] = frozenset()


def _keys(tools: Tools, card: Mapping[str, Any]) -> _Keys:
    found = identity_keys(
        inn=card["inn"] or "",
        kpp=card["kpp"] or "",
        name=card["name"] or "",
        phones=[phone.number for phone in card["phones"] or () if phone.number],
        emails=[email.address for email in card["emails"] or () if email.valid],
    )
    own, of_inn = _hidden(tools, decisive(found)), inn_keys(card["inn"] or "")
    if of_inn is None:
        return _Keys(own)
    if not card["kpp"]:
        return _Keys(own | _hidden(tools, of_inn))
    return _Keys(own, _hidden(tools, [of_inn.whole]), _hidden(tools, [of_inn.branch]))


def held_keys(tools: Tools, card: Mapping[str, Any], stream: str, scopes: Collection[str] = ()) -> tuple[Key, ...]:
    """Those of a client's keys, in these scopes or in all, that it holds itself."""
    keys = _keys(tools, card)
    asked = sorted(key for key in keys.own | keys.seat if not scopes or key.scope in scopes)
    return tuple(key for key in asked if tools.store.owner(key) == stream)


def given_up(tools: Tools, loaded: Loaded[clients.Client], changed: clients.Client) -> list[Key]:
    """The keys that a client holds and is no longer known by."""
    after = _keys(tools, changed.card)
    return sorted(set(held_keys(tools, loaded.state.card, loaded.stream)) - after.own - after.seat)


def keys_moved(
    tools: Tools, loaded: Loaded[clients.Client], events: Iterable[clients.Event]
) -> tuple[Sequence[Key], Sequence[Key]]:
    """The keys that a client takes by these events, as far as they are free, and those it gives up.
    One that is restored has to have its own again."""
    state = loaded.state
    for event in events:
        state = clients.evolve(state, event)
    if state.withdrawn:
        return [], held_keys(tools, loaded.state.card, loaded.stream)
    if loaded.state.withdrawn:
        keys = _keys(tools, state.card)
        if similar := _held_by_others(tools, keys.own | keys.watched, _family(loaded)):
            raise _duplicate(tools, similar)
    return unheld_keys(tools, state.card), given_up(tools, loaded, state)


def unheld_keys(tools: Tools, card: Mapping[str, Any]) -> list[Key]:
    """The keys of a card that nobody holds."""
    keys = _keys(tools, card)
    return _free(tools, keys.own | keys.seat)


def _family(loaded: Loaded[clients.Client]) -> set[str]:
    """The streams of all that are one client; what was merged keeps its keys."""
    return {loaded.stream, *map(CLIENT.stream, loaded.state.others)}


def _hidden(tools: Tools, keys: Iterable[IdentityKey]) -> frozenset[Key]:
    return frozenset(Key(f"client-{scope}", tools.claim_key(scope, key)) for scope, key in keys)


def _to_claim(tools: Tools, keys: _Keys, before: _Keys, family: Collection[str], *, allow_duplicate: bool) -> list[Key]:
    """The keys to ask for. What a client shares with another, knowingly, it neither holds nor asks
    for again.

    The seats are looked at first: one that is not free is held either by another branch, which keeps
    the whole from being taken, or by the whole itself, which is then found among the similar.
    """
    free = _free(tools, keys.seat)
    similar = _held_by_others(tools, keys.watched - before.watched, family)
    if similar and not allow_duplicate:
        raise _duplicate(tools, similar)
    if allow_duplicate:
        return _free(tools, keys.own | keys.seat)
    asked = keys.own - before.own
    mine = {key for key in asked if tools.store.owner(key) in family}
    return [*sorted(asked - mine), *free]


def _free(tools: Tools, keys: Iterable[Key]) -> list[Key]:
    return sorted(key for key in keys if tools.store.owner(key) is None)


def _held_by_others(tools: Tools, keys: Iterable[Key], family: Collection[str]) -> set[tuple[Key, str]]:
    return {(key, owner) for key in keys if (owner := tools.store.owner(key)) and owner not in family}


def _duplicate(tools: Tools, similar: Iterable[tuple[Key, str]]) -> DuplicateClient:
    """Names every similar client, by what it is similar, and who looks after it."""
    with tools.read() as connection:
        named = ((key, owner.partition(":")[2]) for key, owner in similar)
        found = sorted({(DECISIVE_FIELDS[key.scope], ALIASES.resolve(connection, id_)) for key, id_ in named})
        managers = {client_id: find_manager_name(connection, client_id) for _, client_id in found}
    errors = [_similar(field, client_id, managers[client_id]) for field, client_id in found]
    return DuplicateClient(errors, candidates=", ".join(sorted(managers)))


def _similar(field: str, client_id: str, manager: str | None) -> FieldError:
    ru, en = f"Клиент {client_id}, ответственный: {manager or 'нет'}", f"Client {client_id} of {manager or 'nobody'}"
    return FieldError(field, "duplicate-client", ru, en)


def require_user(tools: Tools, field: str, user_id: str | None) -> None:
    if user_id is not None:
        refusal = UnknownUser.on(field, user_id=user_id)
        tools.require("gateway", lambda read: user_is_active(read, user_id), refusal)


def existing_client(tools: Tools, client_id: str, context: Context) -> None:
    seen_client(tools, "client_id", client_id, context)


def seen_client(tools: Tools, field: str, client_id: str, context: Context) -> Loaded[clients.Client]:
    """A client that is named beside the one that is changed; what was merged is seen by who sees the
    client that it is."""
    refusal = UnknownClient.on(field, client_id=client_id)
    try:
        named = load(tools.store, CLIENT, client_id)
    except NotFound as missing:
        raise refusal from missing
    if named.state.withdrawn or not context.rights.reach(standing_for(tools, named.state).manager_id):
        raise refusal
    return named


def standing_for(tools: Tools, client: clients.Client) -> clients.Client:
    """The client that this one proved to be, or itself."""
    while client.merged_into is not None:
        client = load(tools.store, CLIENT, client.merged_into).state
    return client

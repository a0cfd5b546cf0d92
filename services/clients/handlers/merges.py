"""Clients that prove to be one: load, decide, append."""

from collections.abc import Sequence

from services.clients.commands.merges import MergeClients, UnmergeClients
from services.clients.domain import client as clients
from services.clients.domain import merge as merges
from services.clients.domain.merge import Decided
from services.clients.events.merges import ClientsMerged
from services.clients.handlers.aggregates import CLIENT
from services.clients.handlers.clients import given_up, load_client, not_forgotten, seen_client, unheld_keys
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.store.aggregates import Loaded, load
from services.kernel.store.claims import KeyTaken, StreamEvents


def merge_clients(tools: Tools, command: MergeClients, context: Context) -> Written:
    """What the other one is known by it keeps holding, so that nobody is entered anew."""
    kept = load_client(tools, command.client_id, context)
    merged = seen_client(tools, "merged_id", command.merged_id, context)
    clients.require_counted(kept.state)
    clients.require_counted(merged.state)
    return _append(tools, context, kept, merged, merges.merge_clients(kept.state, merged.state, command))


def unmerge_clients(tools: Tools, command: UnmergeClients, context: Context) -> Written:
    kept = load_client(tools, command.client_id, context)
    if command.merged_id not in kept.state.absorbed:
        raise merges.NotMerged(merged_id=command.merged_id)
    since = _since_merging(tools, kept.stream, command.merged_id)
    decided = merges.unmerge_clients(kept.state, command, since)
    return _append(tools, context, kept, load(tools.store, CLIENT, command.merged_id), decided)


def _append(
    tools: Tools,
    context: Context,
    kept: Loaded[clients.Client],
    merged: Loaded[clients.Client],
    decided: Decided,
) -> Written:
    also = [StreamEvents(merged.stream, merged.version, [decided.merged])]
    also += [not_forgotten(tools, one.id) for one in (kept, merged)]
    state = kept.state
    for event in decided.kept:
        state = clients.evolve(state, event)
    claim, release = unheld_keys(tools, state.card), given_up(tools, kept, state)
    try:
        return tools.append(context, kept, decided.kept, also=also, claim=claim, release=release)
    except KeyTaken:  # just now, by somebody else; it is free no longer
        return _append(tools, context, kept, merged, decided)


def _since_merging(tools: Tools, stream: str, merged_id: str) -> Sequence[Recorded]:
    events = tools.store.read_stream(stream)
    [*_, last] = [
        number
        for number, recorded in enumerate(events)
        if isinstance(recorded.event, ClientsMerged) and recorded.event.merged_id == merged_id
    ]
    return events[last:]

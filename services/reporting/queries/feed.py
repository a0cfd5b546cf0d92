"""The feed: events of all sources after a cursor, as the log of received messages has them."""

from collections.abc import Mapping
from heapq import merge
from itertools import islice
from typing import Any

import msgspec

from services.kernel.errors import Forbidden, Refusal
from services.kernel.lists.masks import masked_data
from services.kernel.message import SOURCE_PREFIX, Message
from services.kernel.received import Kept, ReceivedLog, SourcePosition
from services.kernel.rights import Rights
from services.kernel.sealing import Damaged
from services.kernel.vector import Vector, write_vector

NOWHERE = SourcePosition("", 0)


class HistoryChanged(Refusal):
    ru = (
        "После восстановления история источника {source} пошла иначе с места до этого курсора. "
        "Начните ленту сначала, без after, и отбросьте события, чей id уже есть"
    )
    en = (
        "After a restore the history of {source} went on from a place before this cursor. "
        "Begin the feed anew, without after, and drop the events whose id you have"
    )


def list_events(log: ReceivedLog, arguments: Mapping[str, Any], rights: Rights) -> dict[str, Any]:
    """A page of the feed, in the order of each source.

    The heads are read first; a page that is not full has everything up to them, so the cursor
    moves over what the filters left out.
    """
    if rights.users is not None:
        raise Forbidden(permission="events.read")
    heads = log.heads()
    start = _start(arguments, heads)
    _check(log, start, heads)
    wanted = _wanted(heads, start, arguments.get("source"))
    limit = arguments["limit"]
    narrowed = {"types": arguments["types"], "subject": arguments["subject"]}
    found = [log.page(source, start.get(source, NOWHERE).position, upto, limit, **narrowed) for source, upto in wanted]
    page = list(islice(merge(*found), limit))
    end = _end(start, heads, dict(wanted), page, full=len(page) == limit)
    return {"items": [_shown(log, kept, rights) for kept in page], "next": write_vector(end)}


def await_events(log: ReceivedLog, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """Where the feed ends, once it has gone on from a place or the time is over."""
    return {"head": write_vector(log.wait_beyond(arguments["after"], arguments["wait"]))}


def _start(arguments: Mapping[str, Any], heads: Vector) -> dict[str, SourcePosition]:
    if "after_position" not in arguments:
        return dict(arguments["after"])
    source = arguments["source"].removeprefix(SOURCE_PREFIX)
    return {source: SourcePosition(heads.get(source, NOWHERE).epoch, arguments["after_position"])}


def _check(log: ReceivedLog, start: Vector, heads: Vector) -> None:
    for source, at in start.items():
        if at.position and at.epoch != heads.get(source, NOWHERE).epoch and not _still_there(log, source, at):
            raise HistoryChanged.on("after", source=source)


def _still_there(log: ReceivedLog, source: str, at: SourcePosition) -> bool:
    """Whether an epoch that is over reached to this place. Between two epochs nothing may be
    published, so what stands on either side tells."""
    return at.epoch in (log.epoch_before(source, at.position), log.epoch_after(source, at.position))


def _wanted(heads: Vector, start: Vector, source: str | None) -> list[tuple[str, int]]:
    """The sources that have gone on, and how far."""
    only = source.removeprefix(SOURCE_PREFIX) if source else None
    return [
        (name, head.position)
        for name, head in heads.items()
        if only in (None, name) and head.position > start.get(name, NOWHERE).position
    ]


def _end(
    start: Vector, heads: Vector, wanted: Mapping[str, int], page: list[Kept], *, full: bool
) -> dict[str, SourcePosition]:
    reached = {kept.source: kept.position for kept in page} if full else wanted
    return {**start, **{source: SourcePosition(heads[source].epoch, at) for source, at in reached.items()}}


def _shown(log: ReceivedLog, kept: Kept, rights: Rights) -> dict[str, Any]:
    """The event, with its personal fields as far as nobody forgot them and the reader may see them."""
    event: dict[str, Any] = msgspec.json.decode(kept.body)
    if "sealed" in event["data"]:
        event = _opened(log, kept).to_dict()
    if rights.masked:
        event["data"] = masked_data(event["data"], rights.masked)
    return event


def _opened(log: ReceivedLog, kept: Kept) -> Message:
    """What its own key does not open stays sealed, and keeps nobody from what follows."""
    message = Message.from_json(kept.body)
    try:
        return log.opened(message)
    except Damaged:
        return message

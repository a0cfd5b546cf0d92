"""Going back with a source that was restored: a reader gives up what is no longer its history."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.kernel.database import Database
from services.kernel.received import SourcePosition, received, sources
from services.kernel.store.store import Epoch
from services.kernel.store.tables import checkpoints


@dataclass(frozen=True, slots=True)
class Rewound:
    """Where a reader of a source now stands, and how many messages it gave up."""

    source: str
    position: int
    given_up: int


def shared_position(at: SourcePosition, head: int, lineage: Sequence[Epoch]) -> int:
    """The last position up to which what was read is still the source's history; 0 where the
    source knows nothing of the epoch that was read."""
    names = [epoch.epoch for epoch in lineage]
    if at.epoch not in names:
        return 0
    later = lineage[names.index(at.epoch) + 1 :]
    return min(at.position, head, *(epoch.since for epoch in later))


def rewind(database: Database, source: str, position: int) -> Rewound:
    """Gives up what was received of a source after a position, and has the reactions to it begin
    there again. Read models that went further are built anew at the next start."""
    here = received.c.source == source
    with database.write() as connection:
        cut = connection.execute(sa.delete(received).where(here, received.c.position > position)).rowcount
        reader = sa.update(sources).where(sources.c.source == source, sources.c.position > position)
        connection.execute(reader.values(position=position))
        reaction = checkpoints.c.name.startswith("reaction:") & checkpoints.c.name.endswith(f":{source}")
        ahead = sa.update(checkpoints).where(reaction, checkpoints.c.position > position)
        connection.execute(ahead.values(position=position))
    return Rewound(source, position, cut)

"""What ids of clients stand for, and which clients are whose."""

from collections.abc import Collection

import sqlalchemy as sa

from services.clients import tables as t
from services.kernel.lists import Aliases

ALIASES = Aliases(t.client_aliases)


def clients_of(users: Collection[str]) -> sa.CompoundSelect[tuple[str]]:
    """The ids of these users' clients, and all that stand for one of them."""
    c = t.clients.c
    theirs = sa.select(c.id).where(c.manager_id.in_(sorted(users)), c.merged_into.is_(None))
    return ALIASES.standing_for(theirs)

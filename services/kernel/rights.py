"""Whose rows and which fields a caller may see: the gateway decides it, the services hold to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may see of the resource that is asked for.

    `users` are those whose rows he may see and change; None is for everybody's, and for rows
    of nobody too. `masked` are the kinds of fields of which he sees only a part: `phone`, `email`.
    """

    users: frozenset[str] | None = None
    masked: frozenset[str] = frozenset()

    def reach(self, owner: str | None) -> bool:
        """Whether rows of this owner, or of nobody, are among those."""
        return self.users is None or owner in self.users


EVERYTHING = Rights()

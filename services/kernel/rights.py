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

    def cover(self, other: "Rights") -> bool:
        """Whether who has these sees all that somebody with the others does."""
        rows = self.users is None or (other.users is not None and other.users <= self.users)
        return rows and self.masked <= other.masked

    def joined(self, other: "Rights") -> "Rights":
        """The narrowest that cover both."""
        users = None if self.users is None or other.users is None else self.users | other.users
        return Rights(users, self.masked & other.masked)


EVERYTHING = Rights()

"""What a route is: which call of which service answers it, and who may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["create", "change", "bulk", "login", "form", "get", "list", "report"]

# instead of a permission: open to everybody; open to everybody known, for what is his own
OPEN, SELF = "open", "self"


@dataclass(frozen=True, slots=True)
class Route:
    """One public operation.

    `create` and `change` are writes: they take an `Idempotency-Key`, and `change` takes
    `If-Match` as well; `bulk` is many of them in one. `login` is a write with a password in it: it
    takes neither, as the record of a key would be a quick hash of the password. `form` is sent by a
    browser from somebody's site. `get`, `list` and `report` read. Names in braces in the path are
    arguments of the call. `permission` is what the caller's role must hold, unless it is `OPEN` or `SELF`.

    A route with a `view` is answered by the view of that name; `takes` and `gives` are its
    contents by media type where they are not JSON, and `accepted` says that its work goes on.
    `location` is where what it makes is found, if that is not under its own path. `fixed` are
    arguments that the route itself says.
    """

    method: str
    path: str
    kind: Kind
    service: str
    call: str
    permission: str
    tag: str
    summary: str
    view: str = ""
    takes: Mapping[str, Any] | None = None
    gives: Mapping[str, Any] | None = None
    accepted: bool = False
    location: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_write(self) -> bool:
        return self.is_repeatable or self.kind in ("login", "form")

    @property
    def has_body(self) -> bool:
        """A read has one where it looks at a file that comes with it."""
        return self.is_write or self.takes is not None

    @property
    def is_repeatable(self) -> bool:
        """Whether the same request with the same key is carried out once."""
        return self.kind in ("create", "change", "bulk")

    @property
    def name(self) -> str:
        """Its own among all routes."""
        return self.view or self.call

    @property
    def success(self) -> int:
        if self.accepted:
            return 202
        return 201 if self.kind in ("create", "form") else 200

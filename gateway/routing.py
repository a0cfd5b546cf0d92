"""What a route is: which call of which service answers it, and who may ask."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["create", "change", "get", "list", "report"]


@dataclass(frozen=True, slots=True)
class Route:
    """One public operation.

    `create` and `change` are writes: they take an `Idempotency-Key`, and `change` takes
    `If-Match` as well. `get`, `list` and `report` read. Names in braces in the path are
    arguments of the call. `permission` is what the caller's role must hold.
    """

    method: str
    path: str
    kind: Kind
    service: str
    call: str
    permission: str
    tag: str
    summary: str

    @property
    def is_write(self) -> bool:
        return self.kind in ("create", "change")

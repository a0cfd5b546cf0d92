"""What a route is: which call of which service answers it, and who may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["create", "change", "get", "list", "report"]


@dataclass(frozen=True, slots=True)
class Route:
    """One public operation.

    `create` and `change` are writes: they take an `Idempotency-Key`, and `change` takes
    `If-Match` as well. `get`, `list` and `report` read. Names in braces in the path are
    arguments of the call. `permission` is what the caller's role must hold.

    A route with a `view` is answered by the view of that name; `takes` and `gives` are its
    contents by media type where they are not JSON, and `accepted` says that its work goes on.
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

    @property
    def is_write(self) -> bool:
        return self.kind in ("create", "change")

    @property
    def name(self) -> str:
        return self.view or self.call

    @property
    def success(self) -> int:
        if self.accepted:
            return 202
        return 201 if self.kind == "create" else 200

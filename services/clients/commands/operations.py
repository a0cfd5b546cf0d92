"""What can be asked to be done with many clients."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from services.kernel.ids import new_id

# what is done with a client that is in the base already: it is left as it is, what is empty in its
# card is filled, or the table is right
Existing = Literal["skip", "fill", "overwrite"]
EXISTING: tuple[Existing, ...] = get_args(Existing)


@dataclass(frozen=True, slots=True)
class StartImport:
    """Reads clients from a table file. `columns` says which heading means which field where
    the heading itself does not tell; None: leave the column out. `source` is that of clients whose row
    names none. `dry_run` writes nothing but what would become of each row."""

    content: bytes
    file_name: str = ""
    columns: dict[str, str | None] = field(default_factory=dict)
    existing: Existing = "skip"
    source: str = ""
    dry_run: bool = False
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Clients by their ids, or all of whom a list with this filter and search would show; or both."""

    client_ids: tuple[str, ...] = ()
    filter: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class EditClients:
    """Gives the named fields of many clients the same values."""

    chosen: Chosen
    changes: dict[str, str]
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AssignClients:
    chosen: Chosen
    manager_id: str | None
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Gives a user's clients, contact persons, leads, open tasks, planned contacts and open deals to another."""

    user_id: str
    successor_id: str
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class RevertOperation:
    """Undoes `reverts` by an operation of its own."""

    reverts: str
    operation_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class DestroyFailedRows:
    """The file of rows that an import did not take in was kept long enough."""

    operation_id: str


@dataclass(frozen=True, slots=True)
class StopOperation:
    operation_id: str


@dataclass(frozen=True, slots=True)
class ResumeOperation:
    operation_id: str

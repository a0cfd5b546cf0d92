"""Clients that prove to be one, and those that prove not to be."""

from dataclasses import dataclass

from services.kernel.events import event


@event("ClientsMerged")
@dataclass(frozen=True, slots=True)
class ClientsMerged:
    """From now on every id in `moved` stands for `client_id`: the merged client's own, and all that
    stood for it. `fields` of the card were taken over; the change itself follows as an event."""

    client_id: str
    merged_id: str
    moved: tuple[str, ...]
    fields: tuple[str, ...]


@event("ClientsUnmerged")
@dataclass(frozen=True, slots=True)
class ClientsUnmerged:
    """The merged client stands for itself again, and every other id in `moved` for it. `fields` of
    the kept card were given back; those `left` had been edited since and stay as they are."""

    client_id: str
    merged_id: str
    moved: tuple[str, ...]
    fields: tuple[str, ...]
    left: tuple[str, ...]


@event("ClientMergedInto")
@dataclass(frozen=True, slots=True)
class ClientMergedInto:
    """The same, in the stream of the client that was merged."""

    client_id: str
    kept_id: str


@event("ClientSeparated")
@dataclass(frozen=True, slots=True)
class ClientSeparated:
    client_id: str
    kept_id: str

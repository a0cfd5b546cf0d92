"""Public messages: CloudEvents 1.0 in JSON, as they travel over the broker, the feed and webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import msgspec

from services.kernel.clock import from_iso, to_iso

CONTENT_TYPE = "application/cloudevents+json"
TAIL = "TailMarked"
SOURCE_PREFIX = "/reestr/"


class InvalidEnvelope(Exception):
    """The bytes are no envelope of ours: the only thing that goes to broker dead letters."""


@dataclass(frozen=True, slots=True)
class Message:
    """One public event of one source.

    `position` counts all events of the source, `previous` is the position of the
    public event before this one: a reader of the whole source applies a message
    when `previous <= checkpoint < position`. `occurred_at` is when it happened,
    `recorded_at` when it was stored. `data["sealed"]`, where present, maps
    person's keys to sealed personal fields.
    """

    id: str
    source: str
    type: str
    subject: str
    data: Mapping[str, Any]
    epoch: str
    position: int
    previous: int
    version: int
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    correlation_id: str
    causation_id: str

    @property
    def routing_key(self) -> str:
        return f"{self.source}.{self.type}"

    @property
    def is_tail(self) -> bool:
        """A tail mark moves checkpoints and is not an event."""
        return self.type == TAIL

    def to_dict(self) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": SOURCE_PREFIX + self.source,
            "type": self.type,
            "subject": self.subject,
            "time": to_iso(self.occurred_at),
            "datacontenttype": "application/json",
            "dataschema": f"/v1/event-types/{self.source}/{self.type}/{self.schema_version}",
            "epoch": self.epoch,
            "position": str(self.position),
            "previous": str(self.previous),
            "recordedtime": to_iso(self.recorded_at),
            "version": str(self.version),
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "actor": self.actor,
            "data": self.data,
        }

    def to_json(self) -> bytes:
        return msgspec.json.encode(self.to_dict())

    @classmethod
    def from_json(cls, body: bytes | str, source: str | None = None) -> Self:
        """Reads a message, of a certain source where one is named; raises `InvalidEnvelope`."""
        try:
            message = cls.from_dict(msgspec.json.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidEnvelope(str(error)) from error
        if source not in (None, message.source):
            raise InvalidEnvelope(f"the source is {message.source}")
        return message

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        try:
            return cls(
                id=str(fields["id"]),
                source=str(fields["source"]).removeprefix(SOURCE_PREFIX),
                type=str(fields["type"]),
                subject=str(fields["subject"]),
                data=dict(fields["data"]),
                epoch=str(fields["epoch"]),
                position=int(fields["position"]),
                previous=int(fields["previous"]),
                version=int(fields["version"]),
                schema_version=int(str(fields["dataschema"]).rpartition("/")[2]),
                occurred_at=from_iso(fields["time"]),
                recorded_at=from_iso(fields["recordedtime"]),
                actor=str(fields["actor"]),
                correlation_id=str(fields["correlationid"]),
                causation_id=str(fields["causationid"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidEnvelope(f"{type(error).__name__}: {error}") from error

"""Golden samples of public messages, a file for each type and version.

`python -m tests.contracts.samples` writes those of the present versions anew. A sample of
a version that was released is kept for ever: readers must go on understanding it.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.kernel.database import Database
from services.kernel.events import PersonKey, Registry
from services.kernel.store.claims import ANY_VERSION, Append, StreamEvents
from services.kernel.store.store import EventStore
from tests.contracts.examples import EXAMPLES
from tests.system import SERVICES, call_context

FOLDER = Path(__file__).parent / "samples"


class Paper:
    """Seals by writing JSON, so that a sample is the same every time."""

    def __init__(self) -> None:
        self.forgotten = False

    def seal(self, _event_id: str, _who: PersonKey, fields: Mapping[str, Any]) -> str:
        return json.dumps(fields, ensure_ascii=False, sort_keys=True)

    def unseal(self, _event_id: str, _who: PersonKey, sealed: str) -> dict[str, Any] | None:
        found: dict[str, Any] = json.loads(sealed)
        return None if self.forgotten else found


def published() -> dict[str, dict[str, Any]]:
    """The messages that the services publish of the examples, by the name of their sample."""
    found = {}
    for service in SERVICES:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{folder}/events.db")
            store = EventStore(database, service.name, Registry(service.events), service.published, Paper())
            for stream, event in EXAMPLES[service.name]:
                store.append(Append(call_context(), [StreamEvents(stream, ANY_VERSION, [event])]))
            messages = [message.to_dict() for message in store.public_after(0).messages]
            database.close()
        for message in messages:
            version = message["dataschema"].rpartition("/")[2]
            name = f"{service.name}.{message['type']}.v{version}"
            found[name] = json.loads(json.dumps(_settled(message), default=str))
    return found


def _settled(message: dict[str, Any]) -> dict[str, Any]:
    """The message with everything that differs from time to time replaced."""
    time = "2026-04-02T10:00:00.000000Z"
    same = {name: name for name in ("epoch", "actor", "correlationid", "causationid")}
    return {**message, **same, "id": f"{message['source']}/{message['position']}", "time": time, "recordedtime": time}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, message in published().items():
        text = json.dumps(message, ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

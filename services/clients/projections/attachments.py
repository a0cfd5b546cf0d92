"""Files and web links that are attached: events to rows."""

from typing import Any

from services.clients.events.attachments import FileAttached, LinkAttached
from services.clients.tables import attachments as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_file_attached(rows: Rows, recorded: Recorded) -> None:
    event: FileAttached = recorded.event
    values = {"file_name": event.file_name, "media_type": event.media_type, "size": event.size}
    _attached(rows, recorded, kind="file", file_hash=event.file_hash, **values)


def on_link_attached(rows: Rows, recorded: Recorded) -> None:
    event: LinkAttached = recorded.event
    _attached(rows, recorded, kind="link", url=event.url, title=event.title)


def _attached(rows: Rows, recorded: Recorded, **values: Any) -> None:
    event: FileAttached | LinkAttached = recorded.event
    rows.put(
        t.attachments,
        {
            "id": event.attachment_id,
            "version": recorded.version,
            "what": event.what,
            "owner_id": event.owner_id,
            "client_id": event.client_id,
            "person": event.person,
            "state": "attached",
            "attached_by": recorded.actor,
            "attached_at": recorded.recorded,
            **values,
        },
    )


def on_attachment_removed(rows: Rows, recorded: Recorded) -> None:
    values = {"state": "removed", "removed_at": recorded.recorded}
    rows.change(t.attachments, recorded.subject, version=recorded.version, **values)


def on_erasure_requested(rows: Rows, recorded: Recorded) -> None:
    rows.put(t.attachment_erasures, {"person": recorded.event.person})


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    for row in rows.find(t.attachments, "person", recorded.event.person):
        rows.change(t.attachments, row["id"], file_name=None, url=None, title=None, state="erased")


ATTACHMENTS = Projection(
    name="attachments",
    tables=(t.attachments, t.attachment_erasures),
    on={
        "clients": {
            "FileAttached": on_file_attached,
            "LinkAttached": on_link_attached,
            "AttachmentRemoved": on_attachment_removed,
            "ErasureRequested": on_erasure_requested,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

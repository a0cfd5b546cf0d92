"""Files that are attached: events to rows."""

from services.clients.events.attachments import AttachmentAdded
from services.clients.tables import attachments as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_attachment_added(rows: Rows, recorded: Recorded) -> None:
    event: AttachmentAdded = recorded.event
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
            "file_name": event.file_name,
            "media_type": event.media_type,
            "size": event.size,
            "file_hash": event.file_hash,
            "uploaded_by": recorded.actor,
            "uploaded_at": recorded.recorded,
            "removed_at": None,
        },
    )


def on_attachment_removed(rows: Rows, recorded: Recorded) -> None:
    values = {"state": "removed", "removed_at": recorded.recorded}
    rows.change(t.attachments, recorded.subject, version=recorded.version, **values)


def on_erasure_requested(rows: Rows, recorded: Recorded) -> None:
    rows.put(t.attachment_erasures, {"person": recorded.event.person})


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    for row in rows.find(t.attachments, "person", recorded.event.person):
        rows.change(t.attachments, row["id"], file_name=None, state="erased")


ATTACHMENTS = Projection(
    name="attachments",
    tables=(t.attachments, t.attachment_erasures),
    on={
        "clients": {
            "AttachmentAdded": on_attachment_added,
            "AttachmentRemoved": on_attachment_removed,
            "ErasureRequested": on_erasure_requested,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

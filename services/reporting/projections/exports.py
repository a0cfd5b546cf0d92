"""Exports: events to rows."""

from typing import Any

from services.kernel.clock import to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows
from services.reporting import tables as t
from services.reporting.domain.export import KEPT
from services.reporting.events import ExportCompleted, ExportFailed, ExportPageRead, ExportRequested
from services.reporting.projections.json import as_json


def on_export_requested(rows: Rows, recorded: Recorded) -> None:
    event: ExportRequested = recorded.event
    asked = {"filter": event.filter, "q": event.q, "sort": event.sort, "fields": event.fields}
    names = ("resource", "format", "language", "requested_by")
    rows.put(
        t.exports,
        {
            "id": event.export_id,
            "version": recorded.version,
            **{name: getattr(event, name) for name in names},
            "state": "running",
            "rows": 0,
            "asked": as_json({name: value for name, value in asked.items() if value}),
            "requested_at": recorded.recorded,
            "downloads": 0,
        },
    )


def on_export_page_read(rows: Rows, recorded: Recorded) -> None:
    event: ExportPageRead = recorded.event
    row = rows.get(t.exports, recorded.subject) or {}
    _change_export(rows, recorded, rows=row["rows"] + event.rows)


def on_export_completed(rows: Rows, recorded: Recorded) -> None:
    event: ExportCompleted = recorded.event
    file = {"size": event.size, "hash": event.hash, "expires_at": to_micros(event.expires_at)}
    _change_export(rows, recorded, state="completed", ended_at=recorded.recorded, **file)


def on_export_failed(rows: Rows, recorded: Recorded) -> None:
    event: ExportFailed = recorded.event
    _end_export(rows, recorded, state="failed", reason=event.reason)


def on_export_stopped(rows: Rows, recorded: Recorded) -> None:
    _end_export(rows, recorded, state="stopped")


def _end_export(rows: Rows, recorded: Recorded, **values: Any) -> None:
    """Without a file; what was read is kept as long as a file would be."""
    expires_at = to_micros(recorded.recorded_at + KEPT)
    _change_export(rows, recorded, ended_at=recorded.recorded, expires_at=expires_at, **values)


def on_export_resumed(rows: Rows, recorded: Recorded) -> None:
    _change_export(rows, recorded, state="running", ended_at=None, expires_at=None)


def on_export_downloaded(rows: Rows, recorded: Recorded) -> None:
    row = rows.get(t.exports, recorded.subject) or {}
    _change_export(rows, recorded, downloads=row["downloads"] + 1)


def on_export_expired(rows: Rows, recorded: Recorded) -> None:
    _change_export(rows, recorded, state="expired", asked="{}")


def _change_export(changing: Rows, recorded: Recorded, **values: Any) -> None:
    changing.change(t.exports, recorded.subject, version=recorded.version, **values)


EXPORTS = Projection(
    name="exports",
    tables=(t.exports,),
    on={
        "reporting": {
            "ExportRequested": on_export_requested,
            "ExportPageRead": on_export_page_read,
            "ExportCompleted": on_export_completed,
            "ExportFailed": on_export_failed,
            "ExportStopped": on_export_stopped,
            "ExportResumed": on_export_resumed,
            "ExportDownloaded": on_export_downloaded,
            "ExportExpired": on_export_expired,
        }
    },
)

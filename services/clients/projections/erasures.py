"""People who are forgotten: the certificates."""

from services.clients.events.erasures import ErasureRequested
from services.clients.tables import people as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_erasure_requested(rows: Rows, recorded: Recorded) -> None:
    event: ErasureRequested = recorded.event
    rows.put(
        t.erasures,
        {
            "id": event.erasure_id,
            "version": recorded.version,
            "what": event.what,
            "state": "requested",
            "reason": event.reason,
            "requested_by": recorded.actor,
            "requested_at": recorded.recorded,
            "erased_at": None,
        },
    )


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.erasures, recorded.subject, version=recorded.version, state="erased", erased_at=recorded.recorded)


ERASURES = Projection(
    name="erasures",
    tables=(t.erasures,),
    on={
        "clients": {"ErasureRequested": on_erasure_requested, "PersonalDataErased": on_personal_data_erased},
    },
)

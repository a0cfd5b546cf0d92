"""Consents: events to rows."""

from services.clients.events.consents import ConsentGiven
from services.clients.tables import people as t
from services.kernel.clock import from_iso, to_micros
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_consent_given(rows: Rows, recorded: Recorded) -> None:
    event: ConsentGiven = recorded.event
    rows.put(
        t.consents,
        {
            "id": event.consent_id,
            "version": recorded.version,
            "what": event.what,
            "person": event.person,
            "purpose": event.purpose,
            "channel": event.channel,
            "state": "given",
            "text_version": event.text_version,
            "source": event.source,
            "given_at": to_micros(from_iso(event.given_at)),
            "revoked_at": None,
            "revoked_by_way_of": None,
            "proof": event.proof,
        },
    )


def on_consent_revoked(rows: Rows, recorded: Recorded) -> None:
    values = {"state": "revoked", "revoked_at": recorded.recorded, "revoked_by_way_of": recorded.event.source}
    rows.change(t.consents, recorded.subject, version=recorded.version, **values)


def on_personal_data_erased(rows: Rows, recorded: Recorded) -> None:
    for row in rows.find(t.consents, "person", recorded.event.person):
        rows.change(t.consents, row["id"], proof=None)


CONSENTS = Projection(
    name="consents",
    tables=(t.consents,),
    on={
        "clients": {
            "ConsentGiven": on_consent_given,
            "ConsentRevoked": on_consent_revoked,
            "PersonalDataErased": on_personal_data_erased,
        }
    },
)

"""Forms on sites: events to rows."""

from services.clients.events.lead_forms import LeadFormAdded
from services.clients.projections.json import as_json
from services.clients.tables import leads as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows

WRITTEN = ("asks", "origins", "consent")


def on_lead_form_added(rows: Rows, recorded: Recorded) -> None:
    event: LeadFormAdded = recorded.event
    names = ("token", "title", "source", "action", "redirect", "trap")
    rows.put(
        t.lead_forms,
        {
            "id": event.form_id,
            "version": recorded.version,
            **{name: getattr(event, name) for name in names},
            **{name: as_json(getattr(event, name)) for name in WRITTEN},
            "active": True,
            "created_at": recorded.recorded,
        },
    )


def on_lead_form_changed(rows: Rows, recorded: Recorded) -> None:
    after = {name: as_json(value) if name in WRITTEN else value for name, value in recorded.event.after.items()}
    rows.change(t.lead_forms, recorded.subject, version=recorded.version, **after)


LEAD_FORMS = Projection(
    name="lead_forms",
    tables=(t.lead_forms,),
    on={"clients": {"LeadFormAdded": on_lead_form_added, "LeadFormChanged": on_lead_form_changed}},
)

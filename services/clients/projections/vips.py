"""Who may look after VIP clients: events to rows."""

from services.clients import tables as t
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_vip_manager_named(rows: Rows, recorded: Recorded) -> None:
    row = {"id": recorded.subject, "version": recorded.version, "changed_at": recorded.recorded}
    rows.put(t.vip_managers, {**row, "named": True, "named_by": recorded.actor})


def on_vip_manager_dismissed(rows: Rows, recorded: Recorded) -> None:
    rows.change(t.vip_managers, recorded.subject, version=recorded.version, named=False, changed_at=recorded.recorded)


VIP_MANAGERS = Projection(
    name="vip_managers",
    tables=(t.vip_managers,),
    on={"clients": {"VipManagerNamed": on_vip_manager_named, "VipManagerDismissed": on_vip_manager_dismissed}},
)

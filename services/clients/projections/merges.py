"""Merged clients: events to rows."""

from services.clients import tables as t
from services.clients.events.merges import ClientsMerged, ClientsUnmerged
from services.clients.projections.json import as_json
from services.kernel.events import Recorded
from services.kernel.projections import Projection, Rows


def on_clients_merged(rows: Rows, recorded: Recorded) -> None:
    event: ClientsMerged = recorded.event
    rows.put(
        t.merges,
        {
            "id": recorded.id,
            "version": 1,
            "client_id": event.client_id,
            "merged_id": event.merged_id,
            "moved": as_json(event.moved),
            "fields": as_json(event.fields),
            "merged_at": recorded.recorded,
            "merged_by": recorded.actor,
            "given_back": "[]",
            "left": "[]",
        },
    )


def on_clients_unmerged(rows: Rows, recorded: Recorded) -> None:
    event: ClientsUnmerged = recorded.event
    [merge] = [
        row
        for row in rows.find(t.merges, "merged_id", event.merged_id)
        if row["client_id"] == event.client_id and row["unmerged_at"] is None
    ]
    rows.change(
        t.merges,
        merge["id"],
        version=2,
        unmerged_at=recorded.recorded,
        unmerged_by=recorded.actor,
        given_back=as_json(event.fields),
        left=as_json(event.left),
    )


MERGES = Projection(
    name="merges",
    tables=(t.merges,),
    on={"clients": {"ClientsMerged": on_clients_merged, "ClientsUnmerged": on_clients_unmerged}},
)

"""Who may look after VIP clients: rows to views."""

from services.clients import tables as t
from services.kernel.lists import Field, Kind, Resource

VIP_MANAGERS = Resource(
    "vip_manager",
    "user_id",
    t.vip_managers,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("named", Kind.FLAG),
        Field("named_by", Kind.ID),
        Field("changed_at", Kind.TIME),
    ),
)

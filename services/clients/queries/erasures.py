"""The certificates of people who were forgotten: rows to views."""

from services.clients.domain.erasure import WHATS
from services.clients.schemas.erasures import STATES
from services.clients.tables import people as t
from services.kernel.lists import Field, Kind, Resource

ERASURES = Resource(
    "erasure",
    "erasure_id",
    t.erasures,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("what", Kind.WORD, words=WHATS),
        Field("state", Kind.WORD, words=STATES),
        Field("reason", Kind.TEXT),
        Field("requested_by", Kind.ID),
        Field("requested_at", Kind.TIME),
        Field("erased_at", Kind.TIME),
    ),
)

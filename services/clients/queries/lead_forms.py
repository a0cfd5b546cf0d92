"""Forms on sites: rows to views."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from services.clients.tables import leads as t
from services.kernel.errors import NotFound
from services.kernel.lists import Field, Kind, Resource
from services.kernel.rights import Rights

LEAD_FORMS = Resource(
    "lead_form",
    "form_id",
    t.lead_forms,
    (
        Field("id", Kind.ID),
        Field("version", Kind.NUMBER),
        Field("token", Kind.ID),
        Field("title", Kind.TEXT),
        Field("source", Kind.WORD),
        Field("action", Kind.WORD),
        Field("asks", Kind.JSON),
        Field("origins", Kind.JSON),
        Field("consent", Kind.JSON),
        Field("redirect", Kind.WORD),
        Field("trap", Kind.WORD),
        Field("active", Kind.FLAG),
        Field("created_at", Kind.TIME),
    ),
)


def get_form_door(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    """What is to be known of a form that takes something in."""
    c = t.lead_forms.c
    query = sa.select(c.id, c.origins, c.redirect, c.trap).where(c.token == arguments["token"], c.active)
    found = connection.execute(query).first()
    if found is None:
        raise NotFound(what="form", id=arguments["token"])
    door = {"id": found.id, "redirect": found.redirect, "trap": found.trap}
    return {**door, "origins": msgspec.json.decode(found.origins)}

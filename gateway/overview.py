"""Everything of a client in one call: its card, and beside it, all asked for at the same time, the
first of each list that hangs on it."""

from dataclasses import replace
from typing import Any

import eventlet
from flask import Blueprint, Response

from gateway import requests
from gateway.app import Caller, Calling, Keys, authorise, circumstances
from gateway.routes.overview import LIMIT, OVERVIEW, SECTIONS, Section
from services.kernel.context import Context
from services.kernel.errors import Refusal

SERVER_ERRORS = 500
Part = dict[str, Any] | None


def overview(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("overview", __name__)

    @blueprint.get("/v1/clients/<client_id>/overview")
    def client_overview(client_id: str) -> Response:
        context = circumstances(keys, OVERVIEW)
        asked = requests.arguments(OVERVIEW, {"client_id": client_id})
        client = call(OVERVIEW.service, OVERVIEW.call, asked, context)["result"]
        caller = authorise(keys, OVERVIEW.permission)
        unavailable: list[str] = []

        def ask(section: Section) -> Part:
            try:
                return _ask(call, section, client["id"], caller, context)
            except Refusal as trouble:  # its own, or that of its database
                if trouble.status < SERVER_ERRORS:
                    raise
                unavailable.append(section.name)
                return None

        parts = eventlet.GreenPool(len(SECTIONS)).imap(ask, SECTIONS)
        lists = dict(zip((section.name for section in SECTIONS), parts, strict=True))
        told = {"id": client["id"], "version": client["version"], "client": client, **lists}
        return requests.response(OVERVIEW, {"result": {**told, "unavailable": sorted(unavailable)}})

    return blueprint


def _ask(call: Calling, section: Section, client_id: str, caller: Caller, context: Context) -> Part:
    if not caller.may(section.permission):
        return None
    own = replace(context, rights=caller.rights(section.permission), min_position={})
    page = call(section.service, section.call, {"client_id": client_id, "limit": LIMIT, **section.asked}, own)["result"]
    return {"items": page["items"], "more": page["next"] is not None}

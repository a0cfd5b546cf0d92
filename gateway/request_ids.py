"""The id of a request: the caller's own where it is well formed, so that his log and ours meet."""

import re

from flask import request

from services.kernel.ids import new_id

# no room for a name or an address: it is kept with the events
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
_KEPT = "reestr.request_id"


def request_id() -> str:
    given = request.headers.get("Request-Id", "")
    made: str = request.environ.setdefault(_KEPT, given if _WELL_FORMED.fullmatch(given) else new_id())
    return made

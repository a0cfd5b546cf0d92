"""From an HTTP request to a call, and back."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.problems import (
    BrokenJson,
    IdempotencyKeyRequired,
    MalformedIfMatch,
    MalformedMinPosition,
    NotAnObject,
)
from gateway.request_ids import request_id
from gateway.routing import Route
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import FieldError, Invalid, VersionRequired
from services.kernel.ids import new_id
from services.kernel.validation import LONGEST_NAME

DEADLINE = timedelta(seconds=10)
MAX_BODY = 1024 * 1024
LONGEST_KEY = 200
DEEPEST = 20


def arguments(route: Route, path: Mapping[str, str]) -> dict[str, Any]:
    """The call's arguments: from the route and its path, and the body of a write or the query of a read."""
    given = _body() if route.is_write else _query()
    told = {**route.fixed, **path}
    for name in told.keys() & given.keys():
        raise Invalid([FieldError(name, "unknown-field", "Неизвестное поле", "Unknown field.")])
    return {**given, **told}


def _body() -> dict[str, Any]:
    raw = request.get_data()
    if request.content_length is None and len(raw) >= MAX_BODY:
        raise RequestEntityTooLarge  # sent in chunks, it was cut at the limit
    if not raw:
        return {}
    body = read_json(raw)
    if not isinstance(body, dict):
        raise NotAnObject
    return body


def read_json(raw: bytes) -> Any:
    """JSON as the standard has it, each name once in an object, nested no deeper than is of use."""
    try:
        value = json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BrokenJson from error
    if _deeper(value, DEEPEST):
        raise BrokenJson
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_number(text: str) -> float:
    raise ValueError(text)


def _deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(one, levels - 1) for one in inner)


def _query() -> dict[str, Any]:
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid([FieldError(name[:LONGEST_NAME], "repeated", "Названо дважды", "Named more than once")])
    given = request.args.to_dict()
    given.pop("min_position", None)
    return given


def context(route: Route, principal: str, actor: str) -> Context:
    """The circumstances of this request; the caller's headers are checked on the way."""
    now = clock.now()
    return Context(
        actor=actor,
        principal=principal,
        correlation_id=request_id(),
        causation_id=new_id(),
        now=now,
        deadline=now + DEADLINE,
        idempotency_key=_idempotency_key() if route.is_repeatable else None,
        expected_version=_if_match() if route.kind == "change" else None,
        min_position=min_position(),
    )


def circumstances_of(anybody: str, key: str) -> Context:
    """Those of a request that names nothing but what it brings."""
    now = clock.now()
    return Context(anybody, anybody, request_id(), new_id(), now, now + DEADLINE, idempotency_key=key)


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise IdempotencyKeyRequired
    return key


def _if_match() -> int:
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionRequired
    found = re.fullmatch(r'"([0-9]{1,9})"', header)
    if found is None:
        raise MalformedIfMatch
    return int(found[1])


def min_position() -> dict[str, int]:
    """`?min_position=clients:57,deals:3` as positions by source."""
    text = request.args.get("min_position", "")
    if not text:
        return {}
    if not re.fullmatch(r"[a-z]+:[0-9]{1,18}(,[a-z]+:[0-9]{1,18}){0,9}", text):
        raise MalformedMinPosition
    return {source: int(position) for source, position in (item.split(":") for item in text.split(","))}


def response(route: Route, answer: Mapping[str, Any]) -> Response:
    """The call's result with the headers its kind promises."""
    result = answer["result"]
    made = Response(msgspec.json.encode(result), route.success, content_type="application/json")
    if answer.get("position"):
        made.headers["Reestr-Position"] = answer["position"]
    if route.kind == "create":
        made.headers["Location"] = f"{route.location or route.path}/{result['id']}"
    if route.kind in ("create", "change", "get") and "version" in result:
        made.headers["ETag"] = f'"{result["version"]}"'
    return made

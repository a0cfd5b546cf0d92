"""Forms on sites: what a browser sends comes in without a key, from the form's own pages only."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from gateway import requests
from gateway.app import ANYBODY, Calling
from gateway.limits import FormLimits
from gateway.problems import NotAnObject
from gateway.routes.leads import SUBMIT
from services.kernel.context import Context
from services.kernel.errors import FieldError, Invalid, Refusal
from services.kernel.ids import new_id

MAX_BODY = 64 * 1024
MOST_PARTS = 200
KEY_FIELD, KEY_HEADER = "submission_key", "Idempotency-Key"
REMEMBERED = "600"
THANKS = """<!doctype html>
<html lang="ru"><meta charset="utf-8"><title>Принято</title><p>Спасибо, мы получили вашу заявку.
"""

Door = Mapping[str, Any]


class OriginNotAllowed(Refusal):
    status = 403
    ru = "С этого сайта форма ничего не принимает"
    en = "The form takes in nothing from this site"


def forms(call: Calling, limits: FormLimits) -> Blueprint:
    blueprint = Blueprint("forms", __name__)
    rule = SUBMIT.path.replace("{", "<").replace("}", ">")

    @blueprint.route(rule, methods=["OPTIONS"], provide_automatic_options=False)
    def ask_first(token: str) -> Response:
        """What a browser asks before it sends JSON from another site."""
        limits.count_address()
        _door(call, token)
        response = Response(status=204)
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = f"Content-Type, {KEY_HEADER}"
        response.headers["Access-Control-Max-Age"] = REMEMBERED
        return response

    @blueprint.route(rule, methods=["POST"], provide_automatic_options=False)
    def submit_form(token: str) -> Response:
        """Whatever is known of who sends it, the answer is the same; a machine is thanked as well."""
        limits.count_address()
        door = _door(call, token)
        limits.count_form(door["id"])
        values = _values()
        if not values.pop(door["trap"], "").strip():
            call(SUBMIT.service, SUBMIT.call, _submission(token, values), _context())
        return _accepted(door)

    blueprint.after_app_request(_shared)
    return blueprint


def _door(call: Calling, token: str) -> Door:
    """What is to be known of the form; pages of its own sites may read the answer."""
    door: Door = call(SUBMIT.service, "get_form_door", {"token": token}, _context())["result"]
    origin = request.headers.get("Origin")
    if origin is not None and origin not in door["origins"]:
        raise OriginNotAllowed
    g.form_origin = origin
    return door


def _context() -> Context:
    """Nobody's; what is sent twice is known by what is sent."""
    return requests.circumstances_of(ANYBODY, new_id())


def _values() -> dict[str, str]:
    request.max_content_length = MAX_BODY
    request.max_form_memory_size = MAX_BODY
    request.max_form_parts = MOST_PARTS
    readers: Mapping[str, Callable[[], dict[str, str]]] = {
        "application/json": _of_json,
        "application/x-www-form-urlencoded": lambda: {name: value for name, value in request.form.items() if name},
    }
    if request.mimetype not in readers:
        raise UnsupportedMediaType
    return readers[request.mimetype]()


def _of_json() -> dict[str, str]:
    raw = request.get_data()
    if len(raw) > MAX_BODY:
        raise RequestEntityTooLarge
    body = requests.read_json(raw)
    if not isinstance(body, dict):
        raise NotAnObject
    return {name: _as_text(name, value) for name, value in body.items() if value is not None}


def _as_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, str | int | float):
        return str(value)
    raise Invalid([FieldError(name[:40], "not-a-text", "Нужен текст", "Must be a text")])


def _submission(token: str, values: dict[str, str]) -> dict[str, Any]:
    key = values.pop(KEY_FIELD, "") or request.headers.get(KEY_HEADER, "")
    page = values.pop("page", "") or request.headers.get("Referer", "")
    told = {"token": token, "page": page[:2000], "address": str(request.remote_addr or "")[:64], "key": key[:200]}
    return {**told, "values": values}


def _accepted(door: Door) -> Response:
    if request.mimetype == "application/json":
        return Response(msgspec.json.encode({"status": "accepted"}), SUBMIT.success, content_type="application/json")
    if door["redirect"]:
        return Response(status=303, headers={"Location": door["redirect"]})
    return Response(THANKS, SUBMIT.success, content_type="text/html; charset=utf-8")


def _shared(response: Response) -> Response:
    """Also what was refused may be read by the form's own pages, so that people are told why."""
    origin = g.get("form_origin")
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.vary.add("Origin")
    return response

"""Sessions of browsers: a cookie that scripts cannot read, and a token that only they can send."""

import ipaddress
from typing import Any

from flask import Blueprint, Response, request

from gateway import requests
from gateway.app import Calling, Keys, circumstances, presented_cookie
from gateway.domain.session import COOKIE, LIFETIME, csrf_token
from gateway.routes.access import BEGIN_SESSION, END_SESSION, GET_SESSION

_HERE = {"localhost", "127.0.0.1", "[::1]"}


def sessions(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("sessions", __name__)

    @blueprint.post(BEGIN_SESSION.path)
    def begin_session() -> Response:
        context = circumstances(keys, BEGIN_SESSION)
        arguments = {**requests.arguments(BEGIN_SESSION, {"address": _address()})}
        answer = call(BEGIN_SESSION.service, BEGIN_SESSION.call, arguments, context)
        cookie = answer["result"].pop("cookie")
        response = _told(BEGIN_SESSION, answer, cookie)
        response.set_cookie(
            COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="Strict", secure=_is_secure(), path="/"
        )
        return response

    @blueprint.get("/v1/sessions/<session_id>")
    def get_session(session_id: str) -> Response:
        context = circumstances(keys, GET_SESSION)
        arguments = requests.arguments(GET_SESSION, {"session_id": session_id})
        answer = call(GET_SESSION.service, GET_SESSION.call, arguments, context)
        cookie = presented_cookie() if context.principal == session_id else ""
        return _told(GET_SESSION, answer, cookie)

    @blueprint.post("/v1/sessions/<session_id>/end")
    def end_session(session_id: str) -> Response:
        context = circumstances(keys, END_SESSION)
        arguments = requests.arguments(END_SESSION, {"session_id": session_id})
        response = requests.response(END_SESSION, call(END_SESSION.service, END_SESSION.call, arguments, context))
        if context.principal == session_id:
            response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=_is_secure())
        return response

    return blueprint


def _told(route: Any, answer: dict[str, Any], cookie: str) -> Response:
    """The session, with its token where it is the one of this very cookie."""
    if cookie:
        answer = {**answer, "result": {**answer["result"], "csrf_token": csrf_token(cookie)}}
    return requests.response(route, answer)


def _address() -> str:
    """Where the request comes from: a proxy in the private network is believed what it says."""
    peer = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return _known(forwarded) or peer if _is_private(peer) else peer


def _known(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def _is_private(address: str) -> bool:
    return bool(_known(address)) and ipaddress.ip_address(address).is_private


def _is_secure() -> bool:
    """By HTTPS only, unless on this machine itself, where browsers and tools have none."""
    return request.host.rpartition(":")[0] not in _HERE and request.host not in _HERE

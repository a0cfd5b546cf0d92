"""One client or contact person as a vCard, by the right to read and as far as the caller sees."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response

from gateway import requests
from gateway.app import Calling, Keys, circumstances
from gateway.routes.vcards import ROUTES
from gateway.routing import Route
from services.kernel.vcards import MEDIA_TYPE, vcard


def vcards(call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("vcards", __name__)
    for route in ROUTES:
        path = route.path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(path, route.view, _showing(route, call, keys))
    return blueprint


def _showing(route: Route, call: Calling, keys: Keys) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        context = circumstances(keys, route)
        shown = call(route.service, route.call, requests.arguments(route, path), context)["result"]
        response = Response(vcard(shown), content_type=f"{MEDIA_TYPE}; charset=utf-8")
        name = f"{shown['name'] or shown['code']}.vcf"
        in_utf8 = {"filename*": f"UTF-8''{quote(name, safe='')}"}
        response.headers.set("Content-Disposition", "attachment", filename="card.vcf", **in_utf8)
        response.set_etag(str(shown["version"]))
        response.headers["Cache-Control"] = "no-store"
        return response

    return view

"""What is the same for every answer, whatever the route: limits, origins, compression, headers."""

from dataclasses import dataclass, field

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.compression import compressed
from gateway.cors import preflight, shared
from gateway.limits import FormLimits, Limits, Policy
from gateway.problems import UnsupportedContentEncoding
from gateway.request_ids import request_id
from gateway.routing import Route
from services.kernel.config import Settings

# nothing that the API answers is a page, unless it says so itself
_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Edge:
    """`proxies` is how many of ours stand in front and name the address they were asked from."""

    limits: Limits = field(default_factory=lambda: Limits(None, None, frozenset()))
    forms: FormLimits = field(default_factory=lambda: FormLimits(None, None))
    origins: frozenset[str] = frozenset()
    proxies: int = 0

    def around(self, app: Flask, routes: tuple[Route, ...]) -> None:
        """What was registered last is asked first about an answer."""
        app.before_request(preflight(self.origins))
        app.before_request(_refuse_encoded)
        app.after_request(compressed)
        app.after_request(shared(self.origins))
        app.after_request(_headed)
        self.limits.watch(app, routes)
        if self.proxies:
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=self.proxies, x_proto=self.proxies)  # type: ignore[method-assign]


def edge_of(settings: Settings) -> Edge:
    by_key, by_address = settings.rate_limit, settings.address_rate_limit
    limits = Limits(
        Policy("key", *by_key) if by_key else None,
        Policy("address", *by_address) if by_address else None,
        frozenset(settings.unlimited_keys),
    )
    of_address, of_form = settings.form_address_rate_limit, settings.form_rate_limit
    forms = FormLimits(
        Policy("form-address", *of_address) if of_address else None, Policy("form", *of_form) if of_form else None
    )
    return Edge(limits, forms, frozenset(settings.cors_origins), settings.proxies)


def _refuse_encoded() -> None:
    """A small body may unpack to a very large one, so it is taken as it is or not at all."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise UnsupportedContentEncoding


def _headed(response: Response) -> Response:
    response.headers["Request-Id"] = request_id()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", _NO_PAGE)
    response.headers.setdefault("Cache-Control", "no-store")
    return response

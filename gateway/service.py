"""The gateway as nameko sees it: a web server in front, its own calls behind."""

from collections.abc import Mapping
from logging import getLogger
from typing import Any

import eventlet
from flask import Flask
from nameko.web.handlers import HttpRequestHandler
from nameko.web.server import WebServer

from gateway.access import Access
from gateway.directory import own_context
from gateway.edge import edge_of
from gateway.routes import SERVICES
from gateway.server import Connections, make_server
from gateway.web import make_web
from gateway.wiring import SERVICE
from services.kernel.context import Context
from services.kernel.contracts import describe
from services.kernel.errors import Refusal
from services.kernel.providers import answered, nameko_service
from services.kernel.rpc import Calls
from services.kernel.runtime import runtime_for

_log = getLogger(__name__)


class FlaskServer(WebServer):  # type: ignore[misc]  # nameko has no types
    """Serves the Flask application; requests run beside nameko's workers, not in them."""

    calls = Calls()

    def get_wsgi_app(self) -> Flask:
        return make_web(
            self.call, Access(lambda: runtime_for(SERVICE)), self.ready, edge_of(runtime_for(SERVICE).settings)
        )

    def get_wsgi_server(self, sock: Any, wsgi_app: Flask, **_: Any) -> Any:
        server = make_server(sock, wsgi_app, _log)
        self.connections = Connections(server)
        return server

    def process_request(self, sock: Any, address: Any) -> None:
        self.connections.serve(sock, address)

    def call(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        if (service, method) == (SERVICE.name, "describe"):
            return {"result": describe(SERVICE)}
        if service == SERVICE.name:
            answers, asked = runtime_for(SERVICE).answers, {"arguments": arguments, "context": context.to_dict()}
            return answered(answers.bulk(asked) if method == "bulk" else answers.answer(method, asked))
        answer: dict[str, Any] = self.calls.call(service, method, arguments, context)
        return answer

    def ready(self) -> dict[str, bool]:
        pool = eventlet.GreenPool(len(SERVICES) or 1)
        return {SERVICE.name: True, **dict(zip(SERVICES, pool.imap(self._is_ready, SERVICES), strict=True))}

    def _is_ready(self, service: str) -> bool:
        try:
            return bool(self.calls.call(service, "status", {}, own_context(3))["result"]["ready"])
        except Refusal:
            return False


class _Http(HttpRequestHandler):  # type: ignore[misc]  # nameko has no types
    """Starts the web server; the Flask application routes, so its own address is never asked."""

    server = FlaskServer()


class GatewayService(nameko_service(SERVICE)):  # type: ignore[misc]  # made from the table of contents
    """The gateway's own calls by RPC, and the web server."""

    @_Http.decorator("GET", "/-")  # type: ignore[untyped-decorator]  # nameko has no types
    def web(self, _request: Any) -> str:
        return ""

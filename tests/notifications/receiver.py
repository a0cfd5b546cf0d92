"""A receiver of webhooks of the test's own, which does as it is told."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verify(self, secret: str) -> Any:
        """Raises unless the receiver's own library finds the signature good."""
        return Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """Takes what comes. `behave` is asked about each event, and may write the answer itself;
    what it returns is the status. Challenges are answered unless `consents` says otherwise."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.taken: list[Request] = []
        self.behave: Callable[[Any, Request], int | None] = lambda _handler, _request: 200
        self.consents: Callable[[str], bytes] = str.encode
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._open: set[Any] = set()
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=sesame"

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was taken, each event once, in the order in which it came first."""
        return list({request.event["id"]: request.event for request in self.taken}.values())

    def numbers(self) -> list[int]:
        return [event["data"]["number"] for event in self.events]

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def die(self) -> None:
        """As a process that is killed: what is open is cut, and nobody listens."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self._open):
            connection.close()

    def take(self, handler: Any) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        request = Request(handler.path, dict(handler.headers.items()), body)
        with self._counted():
            self.requests.append(request)
            if request.event["type"] == "WebhookChallenged":
                _answer(handler, 200, self.consents(request.event["data"]["challenge"]))
                return
            status = self.behave(handler, request)
            if status is not None:
                if status in range(200, 300):
                    self.taken.append(request)
                _answer(handler, status, b"")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 100

    def handle_error(self, *_: Any) -> None:
        """Connections that are cut are part of the tests."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            receiver._open.add(self)

        def finish(self) -> None:
            receiver._open.discard(self)
            super().finish()

        def close(self) -> None:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

        def do_POST(self) -> None:  # its name in the library
            receiver.take(self)

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    return Handler


def _answer(handler: Any, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)

"""The server below the web application: it waits for nobody for ever, and reads only so much."""

import socket
import time
from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.wsgi import STATE_IDLE, ChunkReadError, Input, Server
from nameko.web.server import HttpOnlyProtocol

# between two requests of a connection, for the head of one, and for its whole body
IDLE, HEAD_WITHIN, BODY_WITHIN = 75.0, 10.0, 60.0
# what a reader may take to go on reading
SEND_WITHIN = 30.0
# of a body that was refused, so that its sender lives to read why
MOST_DISCARDED = 128 * 1024 * 1024

# a process may have 1024 files open where nobody has said otherwise
MOST_CONNECTIONS = 800
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

_log = structlog.get_logger(__name__)


class _Body(Input):  # type: ignore[misc]  # eventlet has no types
    """A body that comes within its time or is given up."""

    _until = 0.0

    def read(self, length: int | None = None) -> bytes:
        return self._within(super().read, length)

    def readline(self, size: int | None = None) -> bytes:
        return self._within(super().readline, size)

    def discard(self, buffer_size: int = 64 * 1024) -> None:
        """Without this the next request of the connection would begin in the middle of the body."""
        discarded = 0
        while taken := self.read(buffer_size):
            discarded += len(taken)
            if discarded > MOST_DISCARDED:
                raise ChunkReadError("too much to discard")

    def _within(self, read: Callable[[int | None], bytes], size: int | None) -> bytes:
        self._until = self._until or time.monotonic() + BODY_WITHIN
        with eventlet.Timeout(max(0.001, self._until - time.monotonic()), TimeoutError("the body is too slow")):
            return read(size)


class Protocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko has no types
    """One connection."""

    def _read_request_line(self) -> bytes:
        with eventlet.Timeout(IDLE, TimeoutError("nothing is asked")):
            return super()._read_request_line()  # type: ignore[no-any-return]

    def parse_request(self) -> bool:
        with eventlet.Timeout(HEAD_WITHIN, TimeoutError("the head is too slow")):
            return super().parse_request()  # type: ignore[no-any-return]

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        made = environ["wsgi.input"]
        environ["wsgi.input"] = environ["eventlet.input"] = _Body(
            made.rfile,
            made.content_length,
            made.get_socket(),
            wfile=made.wfile,
            wfile_line=made.wfile_line,
            chunked_input=made.chunked_input,
        )
        return environ


def make_server(listening: Any, application: Any, log: Any) -> Server:
    return Server(
        listening,
        listening.getsockname(),
        application,
        protocol=Protocol,
        socket_timeout=SEND_WITHIN,
        keepalive=IDLE,
        debug=False,
        log=log,
    )


class Connections:
    """Serves each connection to its end; what goes wrong with one is a matter of that one alone."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open = 0

    def serve(self, connection: socket.socket, address: Any) -> None:
        self._open += 1
        try:
            if self._open > MOST_CONNECTIONS:
                connection.sendall(_FULL)
            else:
                self._server.process_request([address, connection, STATE_IDLE])
        except Exception as error:
            _log.warning("gateway.connection_failed", error=type(error).__name__)
        finally:
            self._open -= 1
            connection.close()

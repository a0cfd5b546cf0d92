"""A TCP proxy in front of PostgreSQL that loses connections at chosen moments."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine import make_url


class Proxy:
    """`cut(text, when)` drops the connection of the next request that holds the text: `before`
    the server gets it, `after` the server has answered, so that only the answer is lost, or
    `late`: the server gets it at `deliver_late`, when the client has long given it up. With
    `half_open` the server is not told that the client has gone."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._cuts: list[tuple[bytes, str]] = []
        self._sockets: list[socket.socket] = []
        self._late: list[tuple[socket.socket, bytes, threading.Thread]] = []
        self.cut_count = 0
        self.refusing = False
        self.half_open = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def cut(self, text: bytes, when: str) -> None:
        self._cuts.append((text, when))

    def drop_all(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def deliver_late(self) -> None:
        for server, data, answered in self._late:
            server.sendall(data)
            answered.join(5)
            assert not answered.is_alive()

    def close(self) -> None:
        self._listener.close()
        self.drop_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.refusing:
                    client.close()
                    continue
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                lost = threading.Event()
                down = threading.Thread(target=self._down, args=(client, server, lost), daemon=True)
                down.start()
                threading.Thread(target=self._up, args=(client, server, lost, down), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, lost: threading.Event, down: threading.Thread) -> None:
        with suppress(OSError), client:
            while data := client.recv(1 << 20):
                when = self._cut_for(data)
                if when == "before":
                    break
                if when:
                    lost.set()
                if when == "late":
                    self._late.append((server, data, down))
                    break
                server.sendall(data)
        if not lost.is_set():
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def _down(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        with suppress(OSError):
            while (data := server.recv(1 << 20)) and not lost.is_set():
                client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        if not self.half_open:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def _cut_for(self, data: bytes) -> str | None:
        if self._cuts and self._cuts[0][0] in data:
            self.cut_count += 1
            return self._cuts.pop(0)[1]
        return None


@contextmanager
def proxied(url: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy to the server of a URL, and the URL that leads through it."""
    target = make_url(url)
    assert target.host
    assert target.port
    proxy = Proxy(target.host, target.port)
    through = target.set(host="127.0.0.1", port=proxy.port).update_query_dict({"sslmode": "disable"})
    try:
        yield proxy, through.render_as_string(hide_password=False)
    finally:
        proxy.close()

"""Requests to a web server over connections kept open, with as little work of our own as will do."""

import socket
from functools import cache

from tests.bench.appends import Work, rate


def requests(port: int, path: str, key: str, connections: int, seconds: float) -> float:
    """Requests a second."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    return rate([_asking(each, request) for each in _connections(port, connections)], seconds)


@cache
def _connections(port: int, number: int) -> list[socket.socket]:
    return [socket.create_connection(("127.0.0.1", port)) for _ in range(number)]


def _asking(connection: socket.socket, request: bytes) -> Work:
    def ask() -> None:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += connection.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
        assert head.startswith(b"HTTP/1.1 200"), head

    return ask

"""The server on real sockets: what is slow, large or no HTTP at all."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

MIB = 1024 * 1024
SERVER = """
import eventlet
eventlet.monkey_patch()
from logging import getLogger
from gateway import server
from gateway.web import make_web

server.IDLE, server.HEAD_WITHIN, server.BODY_WITHIN, server.MOST_CONNECTIONS = 1.5, 0.5, 0.5, 20
server.MOST_DISCARDED = 64 * 1024 * 1024
class Owner:
    principal = actor = "u-1"
    may = staticmethod(lambda permission: True)
    rights = staticmethod(lambda permission: None)
listening = eventlet.listen(("127.0.0.1", 0))
web = make_web(lambda *_: {"result": {"items": [], "next": None}}, lambda presented: Owner, dict)
connections = server.Connections(server.make_server(listening, web, getLogger("server")))
print(listening.getsockname()[1], flush=True)
while True:
    eventlet.spawn_n(connections.serve, *listening.accept())
"""
HEAD = b"POST /v1/clients HTTP/1.1\r\nHost: reestr\r\nAuthorization: Bearer k\r\nIdempotency-Key: k\r\n"
ALIVE = b"GET /health/live HTTP/1.1\r\nHost: reestr\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    command = [sys.executable, "-W", "ignore", "-c", SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout
        yield int(process.stdout.readline())
        process.kill()


@pytest.fixture
def connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connected:
        yield connected


def read_answer(connection):
    """The head and the body of one answer; empty when the server has hung up."""
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(1)
        if not part:
            return head, b""
        head += part
    length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-len"))
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return head, body


def test_a_body_of_sixty_mebibytes_is_refused_in_so_many_words_and_the_connection_lives(connection):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (60 * MIB))
    for _ in range(60):
        connection.sendall(b" " * MIB)
    head, body = read_answer(connection)
    assert head.startswith(b"HTTP/1.1 413")
    assert b'"/problems/too-large"' in body
    connection.sendall(ALIVE)
    assert read_answer(connection)[0].startswith(b"HTTP/1.1 200")


def test_a_body_without_end_is_hung_up_on(connection):
    connection.sendall(HEAD + b"Content-Length: 100000000000\r\n\r\n")
    with pytest.raises(OSError):
        for _ in range(1000):
            connection.sendall(b" " * MIB)


def test_who_asks_first_whether_he_may_send_is_told_without_sending(connection):
    connection.sendall(HEAD + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % (60 * MIB))
    assert read_answer(connection)[0].startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("begun", [b"", b"GET /hea", b"GET /health/live HTTP/1.1\r\nHost: re"])
def test_a_head_that_comes_too_slowly_is_given_up(connection, begun):
    connection.sendall(begun)
    with pytest.raises(OSError):
        for _ in range(600):
            connection.sendall(b"x")
            time.sleep(0.05)


def test_a_body_that_comes_too_slowly_is_given_up(connection):
    connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    with pytest.raises(OSError):
        for _ in range(600):
            connection.sendall(b" ")
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1000) for n in range(80)) + b"\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
    ],
    ids=["address", "header", "headers", "negative", "both", "tls"],
)
def test_a_head_beyond_the_limits_is_refused(connection, sent, status):
    connection.sendall(sent)
    assert status in connection.recv(4096)


def test_of_too_many_connections_the_last_is_sent_away_and_may_come_again(port):
    open_ones = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(20)]
    for one in open_ones:
        one.sendall(ALIVE)
        assert read_answer(one)[0].startswith(b"HTTP/1.1 200")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as last:
        assert read_answer(last)[0].startswith(b"HTTP/1.1 503")
    for one in open_ones:
        one.close()
    for _ in range(200):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as again:
            again.sendall(ALIVE)
            if read_answer(again)[0].startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.1)
    raise AssertionError("nobody is let in any more")

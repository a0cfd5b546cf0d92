"""Posting to receivers that hang, drip, pour, redirect, lie about their name, or lead inside."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.kernel.clock import now
from services.notifications.adapters import webhooks
from services.notifications.adapters.webhooks import NotAnswered, Receiver

HOST = "hooks.romashka.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Raw:
    """A server that is one function of the connection, run for each connection."""

    def __init__(self, behave, context=None):
        self.behave = behave
        self.connections = 0
        self.context = context
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(peer,), daemon=True).start()

    def _one(self, peer):
        with suppress(OSError), peer:
            secured = self.context.wrap_socket(peer, server_side=True) if self.context else peer
            self.behave(secured)

    def url(self, scheme="http", host="127.0.0.1"):
        return f"{scheme}://{host}:{self.port}/hook?a=b"


@contextmanager
def serving(behave, context=None):
    server = Raw(behave, context)
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)
        server.socket.close()


def request_of(peer):
    """Reads one request: head and body."""
    read = b""
    while b"\r\n\r\n" not in read:
        chunk = peer.recv(65536)
        if not chunk:
            raise ConnectionError
        read += chunk
    head, _, body = read.partition(b"\r\n\r\n")
    [length] = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(answer):
    def behave(peer):
        while True:
            request_of(peer)
            peer.sendall(answer)

    return behave


def post(url, *, loopback=True, body=b"{}"):
    receiver = Receiver(url, loopback=loopback)
    try:
        return receiver.post(body, {"webhook-id": "m-1"})
    finally:
        receiver.close()


def reason(url, *, loopback=True, body=b"{}"):
    with pytest.raises(NotAnswered) as caught:
        post(url, loopback=loopback, body=body)
    return caught.value.reason


@pytest.fixture
def names(monkeypatch):
    """What names stand for, and how often each was asked for."""
    known, asked = {HOST: ["127.0.0.1"]}, []
    genuine = socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host not in known:
            return genuine(host, port, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET6 if ":" in at else socket.AF_INET, 1, 6, "", (at, port)) for at in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN", 0.4)
    monkeypatch.setattr(webhooks, "CONNECT_WITHIN", 0.4)


@pytest.fixture
def brief(monkeypatch):
    """A body is given little time once its status is known."""
    monkeypatch.setattr(webhooks, "READ_ON", 0.2)


def test_a_post_carries_body_headers_and_the_name(names):
    seen = []

    def behave(peer):
        seen.append(request_of(peer))
        peer.sendall(OK)

    with serving(behave) as server:
        answer = post(server.url(host="localhost"), body=b'{"id": 1}')
        assert (answer.status, answer.body, answer.accepted) == (200, b"ok", True)
    [request] = seen
    assert request.startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert f"\r\nHost: localhost:{server.port}\r\n".encode() in request
    assert b"\r\nwebhook-id: m-1\r\n" in request
    assert request.endswith(b'\r\n\r\n{"id": 1}')


@pytest.mark.parametrize(
    ("status", "accepted"), [(200, True), (204, True), (299, True), (301, False), (410, False), (500, False)]
)
def test_only_2xx_is_success(status, accepted):
    with serving(answering(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())) as server:
        answer = post(server.url())
        assert (answer.status, answer.accepted) == (status, accepted)


def test_a_redirect_is_not_followed():
    inside = []
    with serving(lambda peer: inside.append(peer.recv(10))) as other:
        location = f"HTTP/1.1 307 X\r\nLocation: {other.url()}\r\nContent-Length: 0\r\n\r\n".encode()
        with serving(answering(location)) as server:
            assert post(server.url()).status == 307
    assert inside == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    with serving(answering(OK)) as server, serving(answering(b"HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url())
        assert post(server.url()).status == 200
        assert proxy.connections == 0


def test_one_connection_serves_many_posts():
    with serving(answering(OK)) as server:
        receiver = Receiver(server.url(), loopback=True)
        for _ in range(5):
            assert receiver.post(b"{}", {}).accepted
        receiver.close()
        assert server.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_unseen():
    def once(peer):
        request_of(peer)
        peer.sendall(OK)

    with serving(once) as server:
        receiver = Receiver(server.url(), loopback=True)
        for _ in range(3):
            assert receiver.post(b"{}", {}).accepted
            time.sleep(0.05)
        receiver.close()
        assert server.connections == 3


def test_a_connection_is_not_kept_for_long(names, monkeypatch):
    """So that a name that has moved is looked up again."""
    monkeypatch.setattr(webhooks, "KEPT_SECONDS", 0.0)
    with serving(answering(OK)) as server:
        receiver = Receiver(server.url(host=HOST), loopback=True)
        for _ in range(2):
            receiver.post(b"{}", {})
        receiver.close()
        assert names["asked"] == [HOST, HOST]


def test_who_says_nothing_is_waited_for_so_long_and_no_longer(hasty):
    with serving(lambda peer: time.sleep(60)) as server:
        began = time.monotonic()
        assert reason(server.url()) == "timeout"
        assert time.monotonic() - began < 30


def test_headers_that_drip_end_with_the_whole_time_allowed(hasty):
    def drip(peer):
        request_of(peer)
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    with serving(drip) as server:
        assert reason(server.url()) == "timeout"


def test_who_does_not_read_is_given_up(hasty):
    with serving(lambda peer: time.sleep(60)) as server:
        assert reason(server.url(), body=b"x" * 20_000_000) == "timeout"


def test_endless_headers_are_refused():
    def pour(peer):
        request_of(peer)
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            peer.sendall(b"X: " + b"x" * 60_000 + b"\r\n")

    with serving(pour) as server:
        assert reason(server.url()) == "broken-answer"


def test_endless_interim_answers_are_refused():
    def pour(peer):
        request_of(peer)
        while True:
            peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    with serving(pour) as server:
        assert reason(server.url()) == "broken-answer"


@pytest.mark.parametrize("length", ["Content-Length: 99999999999", "Transfer-Encoding: chunked", "Connection: close"])
def test_of_a_huge_body_only_the_beginning_is_read_and_the_status_counts(brief, length):
    def pour(peer):
        request_of(peer)
        peer.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
        while True:
            peer.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")

    with serving(pour) as server:
        answer = post(server.url())
        assert answer.accepted
        assert len(answer.body) <= webhooks.MOST_OF_BODY


def test_a_body_that_drips_does_not_hold_up_its_status(brief):
    def drip(peer):
        request_of(peer)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            peer.sendall(b"x")
            time.sleep(0.05)

    with serving(drip) as server:
        assert post(server.url()).accepted


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\xff\r\n\r\n"])
def test_what_is_no_http_is_a_broken_answer(answer):
    def talk(peer):
        request_of(peer)
        peer.sendall(answer)

    with serving(talk) as server:
        assert reason(server.url()) in ("broken-answer", "no-connection")


def test_where_nobody_listens_there_is_no_connection():
    with serving(answering(OK)) as server:
        pass
    assert reason(server.url()) == "no-connection"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_a_name_that_stands_for_an_address_inside_is_refused(names, address):
    names[HOST] = [address]
    assert reason(f"https://{HOST}/", loopback=False) == "address-not-allowed"


def test_one_address_inside_among_public_ones_is_enough(names):
    names[HOST] = ["93.184.215.14", "10.0.0.1"]
    assert reason(f"https://{HOST}/", loopback=False) == "address-not-allowed"


def test_the_switch_for_development_opens_this_machine_and_nothing_else(names):
    names[HOST] = ["192.168.1.1"]
    assert reason(f"http://{HOST}/") == "address-not-allowed"


def test_an_unknown_name_is_no_address():
    assert reason("https://nobody.invalid/", loopback=False) == "no-address"


def test_the_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(names, monkeypatch):
    """A name server that answers otherwise the second time gains nothing."""
    names[HOST] = ["93.184.215.14"]
    went = []

    def connect(at, _timeout):
        names[HOST] = ["127.0.0.1"]
        went.append(at)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    assert reason(f"https://{HOST}/", loopback=False) == "no-connection"
    assert went == [("93.184.215.14", 443)]
    assert names["asked"] == [HOST]


def test_the_next_address_is_tried_when_one_is_dead(names):
    with serving(answering(OK)) as server:
        names[HOST] = ["::1", "127.0.0.1"]
        assert post(server.url(host=HOST)).accepted


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority, its file, and a way to certify a name."""
    folder = tmp_path_factory.mktemp("tls")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")])
    root = _certificate(name, name, key.public_key(), key, ca=True)
    file = folder / "ca.pem"
    file.write_bytes(root.public_bytes(serialization.Encoding.PEM))

    def certify(host):
        own = ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(x509.Name([]), name, own.public_key(), key, host=host)
        chain = folder / f"{host}.pem"
        chain.write_bytes(
            own.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + leaf.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context

    return file, certify


def _certificate(subject, issuer, public, signer, host="", *, ca=False):
    names = [x509.IPAddress(ipaddress.ip_address(host)) if host[:1].isdigit() else x509.DNSName(host or "ca.example")]
    today = now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=not subject.rdns)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )


@pytest.fixture
def trusted(authority, monkeypatch):
    """As if the authority were one that everybody trusts."""
    file, certify = authority
    context = ssl.create_default_context(cafile=file)
    monkeypatch.setattr(webhooks, "tls_context", lambda: context)
    return certify


def test_over_tls_the_certificate_is_that_of_the_name_and_not_of_the_address(names, trusted):
    with serving(answering(OK), trusted(HOST)) as server:
        assert post(server.url("https", HOST)).accepted


def test_a_certificate_of_another_name_is_refused(names, trusted):
    with serving(answering(OK), trusted("other.example")) as server:
        assert reason(server.url("https", HOST)) == "tls"


def test_a_certificate_of_nobody_known_is_refused(names, authority):
    with serving(answering(OK), authority[1](HOST)) as server:
        assert reason(server.url("https", HOST)) == "tls"


def test_who_does_not_shake_hands_is_given_up(names, hasty):
    with serving(lambda peer: time.sleep(60)) as server:
        assert reason(server.url("https", HOST)) == "timeout"


def test_hands_that_are_shaken_byte_by_byte_are_given_up(names, hasty):
    def drip(peer):
        peer.recv(65536)
        for byte in b"\x16\x03\x03\x40\x00" + b"\x02" * 500:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    with serving(drip) as server:
        assert reason(server.url("https", HOST)) == "timeout"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120.0), ("99999999", 86_400.0), ("soon", 0.0), ("-5", 0.0), ("Mon, 01 Jan 2024 00:00:00 GMT", 0.0)],
)
def test_a_receiver_may_ask_to_be_left_alone_for_a_while(header, seconds):
    answer = f"HTTP/1.1 503 X\r\nRetry-After: {header}\r\nContent-Length: 0\r\n\r\n".encode()
    with serving(answering(answer)) as server:
        assert post(server.url()).retry_after == seconds

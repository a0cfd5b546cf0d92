import socket
from pathlib import Path

import pytest

from deploy.reestr import ports
from deploy.reestr.ports import LOOPBACK, free_ports, is_free


def test_free_ports_are_different_and_no_outgoing_connection_is_given_one():
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = [*free_ports(40), *free_ports(40)]
    assert len(set(found)) == 80
    assert all(is_free(port) and 1024 < port < first_outgoing for port in found)


def test_a_taken_port_is_passed_over():
    [port] = free_ports(1)
    with socket.socket() as taken:
        taken.bind((LOOPBACK, port + 1))
        taken.listen()
        assert not is_free(port + 1)
        assert port + 1 not in free_ports(3)


def test_where_no_port_is_free_it_says_so(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    with pytest.raises(OSError, match="no port is free"):
        free_ports(1)

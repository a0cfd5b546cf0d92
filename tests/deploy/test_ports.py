import socket
import threading
from pathlib import Path

import pytest

from deploy.reestr import ports
from deploy.reestr.ports import LOOPBACK, become_free, free_ports, is_free


def test_free_ports_are_different_and_no_outgoing_connection_is_given_one():
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = free_ports(80)
    assert len(set(found)) == 80
    assert all(is_free(port) and 1024 < port < first_outgoing for port in found)


def test_a_taken_port_is_passed_over_and_waited_for(monkeypatch):
    taken, other = free_ports(2)
    monkeypatch.setattr(ports, "_random", InOrder([taken, other]))
    with socket.socket() as holder:
        holder.bind((LOOPBACK, taken))
        holder.listen()
        assert free_ports(1) == [other]
        assert not become_free([taken, other], 0.1)
        threading.Timer(0.2, holder.close).start()
        assert become_free([taken, other], 10)


class InOrder:
    def __init__(self, ports: list[int]) -> None:
        self.ports = ports

    def sample(self, _population: range, _count: int) -> list[int]:
        return [*self.ports, 1]


def test_where_no_port_is_free_it_says_so(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda _port: False)
    with pytest.raises(OSError, match="no port is free"):
        free_ports(1)

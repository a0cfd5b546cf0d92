"""Free ports on the loopback interface, and whether one is taken.

They lie below those that systems give to outgoing connections (from 32768 on): a client that
tries to reach a server that is away may be given the server's own port, meet itself there, and
keep the server from coming back.
"""

import random
import socket
import time
from collections.abc import Collection

LOOPBACK = "127.0.0.1"
FIRST, MANY = 20000, 12000
AGAIN = 0.1

# tests set the seed of the common one, and would all look at the same places
_random = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """Different ports, each free at this moment."""
    found: list[int] = []
    for port in _random.sample(range(FIRST, FIRST + MANY), MANY):
        if len(found) == count:
            return found
        if is_free(port):
            found.append(port)
    raise OSError("no port is free")


def become_free(ports: Collection[int], within: float) -> bool:
    """Whether all of these are free, or are so before the seconds are over."""
    until = time.monotonic() + within
    while not all(map(is_free, ports)):
        if time.monotonic() > until:
            return False
        time.sleep(AGAIN)
    return True


def is_free(port: int) -> bool:
    """Whether a server could listen there now (connections in TIME_WAIT do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int, timeout: float = 0.5) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout).close()
    except OSError:
        return False
    return True

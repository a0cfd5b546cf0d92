"""Free ports on the loopback interface, and whether one is taken.

They lie below those that systems give to outgoing connections (from 32768 on): a client that
tries to reach a server that is away may be given the server's own port, meet itself there, and
keep the server from coming back.
"""

import os
import socket
from itertools import count, islice

LOOPBACK = "127.0.0.1"
FIRST, MANY = 20000, 12000
OF_ONE_PROCESS = 100


# another place to begin at for each process: those who look at the same time do not find the same
_looked_at = count(os.getpid() * OF_ONE_PROCESS)


def free_ports(count: int) -> list[int]:
    """Different ports, each free at this moment."""
    candidates = (FIRST + number % MANY for number in islice(_looked_at, MANY))
    found = list(islice(filter(is_free, candidates), count))
    if len(found) < count:
        raise OSError("no port is free")
    return found


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

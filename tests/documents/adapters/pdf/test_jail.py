"""Each test jails a process of its own: there is no way out of it again."""

import subprocess
import sys

import pytest

PRELUDE = """
import os, socket, subprocess, resource
from services.documents.adapters.pdf import jail
jail.enter(memory_mb=512)
"""


def jailed(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + code], capture_output=True, text=True, check=False, timeout=30
    )


@pytest.mark.parametrize(
    "code",
    [
        "open('/tmp/reestr-jail-test', 'w')",
        "os.open('/tmp/reestr-jail-test', os.O_CREAT)",
        "os.remove('/tmp/reestr-jail-test')",
        "socket.create_connection(('127.0.0.1', 1))",
        "socket.socket().connect(('127.0.0.1', 1))",
        "socket.getaddrinfo('example.com', 80)",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
    ],
)
def test_writing_the_network_and_processes_are_refused(code):
    ended = jailed(code)
    assert ended.returncode == 1
    assert "PermissionError: not allowed in a PDF worker" in ended.stderr


def test_reading_stays_allowed():
    assert jailed("print(len(open('/etc/passwd').read()) > 0)").stdout == "True\n"


def test_memory_is_bounded():
    assert "MemoryError" in jailed("bytearray(600 * 1024 * 1024)").stderr


def test_processor_time_is_bounded_per_job():
    ended = jailed("jail.allow_cpu(1)\nwhile True: pass")
    assert ended.returncode < 0

"""What the figures were measured on."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg2

from tests.servers.postgres import PostgresServer

LIBRARIES = ("psycopg2-binary", "SQLAlchemy", "eventlet", "nameko", "kombu", "msgspec", "eventsourcing", "psycopg")


def describe(server: PostgresServer) -> str:
    lines = [
        f"{os.cpu_count()} CPUs, {_processor()}, {_memory():.0f} GB, load {os.getloadavg()[0]:.1f}",
        f"{platform.system()} {platform.release()}, Python {sys.version.split()[0]}, {_postgres(server)}",
        ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    ]
    return "\n".join(lines)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _memory() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def _postgres(server: PostgresServer) -> str:
    connection = psycopg2.connect(server.url())
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
        number, fsync = cursor.fetchone() or ("", "")
    connection.close()
    return f"PostgreSQL {number.split()[0]} with fsync {fsync}"

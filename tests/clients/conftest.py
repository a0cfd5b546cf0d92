"""A system with the dictionaries that an installation begins with."""

import pytest

from services.clients.queries.dictionaries import due_defaults
from services.kernel import clock
from tests.system import System


@pytest.fixture(name="furnished")
def _furnished(any_system: System) -> System:
    with any_system.runtimes["clients"].tools.read() as connection:
        due = due_defaults(connection, clock.now())
    for one in due:
        any_system.do("clients", one.command, one.arguments, key=one.key)
    return any_system

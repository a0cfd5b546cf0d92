"""A system with the dictionaries that an installation begins with."""

import pytest

from tests.system import System


@pytest.fixture(name="furnished")
def _furnished(any_system: System) -> System:
    any_system.do("clients", "install_defaults", {})
    return any_system

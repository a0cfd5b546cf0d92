"""Several gateways on one database."""

from contextlib import ExitStack

import pytest

from gateway.access import Access
from services.kernel.runtime import Runtime
from tests.system import System, eventually, service


@pytest.fixture
def both(tmp_path, postgres, _quick_to_stop):
    """A gateway, and another one that knows of the first by the database alone."""
    with ExitStack() as databases:
        system = System(tmp_path, lambda _name: databases.enter_context(postgres.new_database()), ["gateway"])
        other = Runtime(service("gateway"), system.settings("gateway"))
        other.projections.start()
        yield system, other
        system._close(other)
        system.close()


def test_a_key_revoked_by_one_opens_nothing_at_the_other_either(both):
    system, other = both
    user = system.do("gateway", "create_user", {"name": "Анна", "role": "clerk"})
    key = system.do("gateway", "create_api_key", {"user_id": user["id"], "name": "ключ"})
    there = Access(lambda: other)
    eventually(lambda: there(key["key"]))
    system.do("gateway", "revoke_api_key", {"key_id": key["id"]}, version=1)
    eventually(lambda: there(key["key"]) is None)

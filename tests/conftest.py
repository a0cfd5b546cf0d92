"""What every test may use: real servers, and the ids of the capabilities shown."""

import os

if os.environ.get("REESTR_TEST_PATCHED"):
    import eventlet

    eventlet.monkey_patch()

pytest_plugins = ["tests.features", "tests.servers.fixtures", "tests.system"]

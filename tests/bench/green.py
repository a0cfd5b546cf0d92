"""A measuring process whose callers are greenlets: patched first, as services are."""

# ruff: noqa: E402

import eventlet

eventlet.monkey_patch()

from tests.bench.child import serve

if __name__ == "__main__":
    serve()

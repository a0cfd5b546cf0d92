"""A bare nameko service: HTTP in front, RPC behind, a constant for an answer.

`python -m tests.bench.bare front|back <config as JSON>`; started as services are.
"""

# ruff: noqa: E402

import eventlet

eventlet.monkey_patch()

import json
import logging
import sys

from nameko.rpc import RpcProxy, rpc
from nameko.runners import ServiceRunner
from nameko.web.handlers import http

CONFIG = json.loads(sys.argv[2])


class Back:
    name = "bench_back"

    @rpc
    def get(self, id):
        return CONFIG["answer"]


class Front:
    name = "bench_front"
    back = RpcProxy("bench_back")

    @http("GET", "/v1/things/<string:id>")
    def get(self, request, id):
        return 200, {"Content-Type": "application/json"}, json.dumps(self.back.get(id))


if __name__ == "__main__":
    logging.disable()
    runner = ServiceRunner(CONFIG["nameko"])
    runner.add_service(Front if sys.argv[1] == "front" else Back)
    runner.start()
    runner.wait()

"""Processes that measure: each carries out calls one after another and answers with figures."""

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import Any, Self

from services.kernel import log

PLAIN, GREEN = "tests.bench.child", "tests.bench.green"


class Child:
    """A process of its own. A green one is started as services are: patched before anything
    else is imported, its callers being greenlets."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def call(self, function: str, **arguments: Any) -> Any:
        """The result of `tests.bench.<module>.<function>` there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([function, arguments]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{function} failed")
        return json.loads(answer)


def serve() -> None:
    """Carries out the calls that come by stdin until it is closed. Libraries print to stderr."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    log.configure("bench", "warning")
    for line in sys.stdin:
        function, arguments = json.loads(line)
        module, _, name = function.rpartition(".")
        result = getattr(import_module(f"tests.bench.{module}"), name)(**arguments)
        print(json.dumps(result), file=answers, flush=True)
    os._exit(0)  # connections and threads need no ceremony


if __name__ == "__main__":
    serve()

"""The kernel's adapters to nameko: its services get a runtime, and calls of their own."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from nameko.extensions import DependencyProvider
from nameko.rpc import rpc

from services.kernel.contracts import describe
from services.kernel.errors import Problem
from services.kernel.rpc import Calls, Refused
from services.kernel.runtime import Runtime, runtime_for
from services.kernel.wiring import Service


def answered(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of this process's own runtime, its refusals raised as if they came by RPC."""
    if "problem" in answer:
        raise Refused(Problem.from_dict(answer["problem"]))
    return dict(answer)


class Kernel(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Gives workers the service's runtime, and starts and stops what runs beside them."""

    calls = Calls()

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service

    def setup(self) -> None:
        self.runtime = runtime_for(self.service)

    def start(self) -> None:
        self.runtime.start(self.calls.call)

    def stop(self) -> None:
        self.runtime.stop()

    def get_dependency(self, worker_ctx: Any) -> Runtime:  # noqa: ARG002  # nameko passes it
        return self.runtime


class KernelRpc:
    """The calls that every service answers beside its own."""

    kernel: Any

    @rpc  # type: ignore[untyped-decorator]  # nameko has no types
    def describe(self, call: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # every call has one argument
        return {"result": describe(self.kernel.service)}

    @rpc  # type: ignore[untyped-decorator]
    def status(self, call: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return {"result": self.kernel.status()}

    @rpc  # type: ignore[untyped-decorator]
    def operate(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.operate(call)  # type: ignore[no-any-return]

    @rpc  # type: ignore[untyped-decorator]
    def trace(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.trace(call["arguments"]["causes"])  # type: ignore[no-any-return]

    @rpc  # type: ignore[untyped-decorator]
    def bulk(self, call: dict[str, Any]) -> dict[str, Any]:
        return self.kernel.answers.bulk(call)  # type: ignore[no-any-return]

    @rpc  # type: ignore[untyped-decorator]
    def file(self, call: dict[str, Any]) -> dict[str, Any]:
        chunk = self.kernel.blobs.chunk(call["arguments"]["hash"], call["arguments"]["offset"])
        return {"result": b64encode(chunk.content).decode()}


def nameko_service(service: Service) -> type:
    """The nameko class of a service: a method for each of its commands and queries."""
    calls = {name: rpc(_answering(name)) for name in (*service.commands, *service.queries)}
    name = f"{service.name.capitalize()}Service"
    return type(name, (KernelRpc,), {"name": service.name, "kernel": Kernel(service), **calls})


def _answering(name: str) -> Callable[[Any, dict[str, Any]], dict[str, Any]]:
    def method(self: Any, call: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.kernel.answers.answer(name, call)
        return answer

    method.__name__ = name
    return method


def log_service(service: Service) -> type:
    """A nameko service of its own, so that readers who catch up never wait behind commands."""

    class LogRpc:
        name = f"{service.name}_log"

        @rpc  # type: ignore[untyped-decorator]
        def messages_after(self, call: dict[str, Any]) -> dict[str, Any]:
            return {"result": runtime_for(service).messages_after(**call["arguments"])}

    return LogRpc

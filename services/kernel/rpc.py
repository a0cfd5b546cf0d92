"""Calls between processes: deadlines, idempotency keys, typed refusals.

An answer is `{"result": …, "position": "clients:57"}` or `{"problem": …}`, so that a
refusal is data and nothing is logged or retried as a failure.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import eventlet
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from nameko.exceptions import RemoteError, UnknownService
from nameko.extensions import SharedExtension
from nameko.rpc import MethodProxy, ReplyListener, RpcReply

from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import Problem, Refusal, Unavailable


class Refused(Refusal):
    """A refusal by another service, passed on as it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.errors)
        self._problem = problem
        self.status = problem.status  # type: ignore[misc]  # this one speaks for another

    def __str__(self) -> str:
        return self._problem.en

    def problem(self) -> Problem:
        return self._problem


class _TooLate(Exception):
    """The reply did not come before the deadline."""


class _Replies(ReplyListener):  # type: ignore[misc]  # nameko has no types
    """Forgets a reply that nobody waits for any more; nameko keeps its event for ever."""

    def forget(self, event: Any) -> None:
        for correlation_id, waiting in list(self._reply_events.items()):
            if waiting is event:
                del self._reply_events[correlation_id]


class Calls(SharedExtension):  # type: ignore[misc]  # nameko has no types
    """Calls other services and waits no longer than the deadline."""

    replies = _Replies()

    def __init__(self) -> None:
        super().__init__()
        self._methods: dict[tuple[str, str], Any] = {}

    def call(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        """The answer of `service.method`; raises `Refused`, or `Unavailable` when none came."""
        seconds = (context.deadline - clock.now()).total_seconds()
        answer = self._ask(service, method, {"arguments": arguments, "context": context.to_dict()}, seconds)
        if "problem" in answer:
            raise Refused(Problem.from_dict(answer["problem"]))
        return answer

    def _ask(self, service: str, method: str, call: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        reply: RpcReply | None = None
        try:
            with eventlet.Timeout(max(seconds, 0.001), _TooLate()):
                reply = self._method(service, method).call_async(call)
                answer: dict[str, Any] = reply.result()
                return answer
        except (_TooLate, UnknownService, RemoteError, AMQPError, OperationalError, OSError) as error:
            if reply is not None:
                self.replies.forget(reply.reply_event)
            raise Unavailable(service=service) from error

    def _method(self, service: str, method: str) -> Any:
        if (service, method) not in self._methods:
            worker = SimpleNamespace(container=self.container, context_data={}, data={})
            self._methods[service, method] = MethodProxy(worker, service, method, self.replies)
        return self._methods[service, method]

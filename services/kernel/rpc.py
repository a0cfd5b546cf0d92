"""Calls between processes: deadlines, idempotency keys, typed refusals.

An answer is `{"result": …, "position": "clients:57"}` or `{"problem": …}`, so that a
refusal is data and nothing is logged or retried as a failure.
"""

import threading
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import eventlet
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.exceptions import RemoteError, UnknownService
from nameko.extensions import SharedExtension
from nameko.rpc import MethodProxy, ReplyListener, Responder

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


# A call waits in a queue no longer than anybody waits for its answer, and outlives no broker.
_CALLING = {"delivery_mode": NON_PERSISTENT, "expiration": 30}


class _Replying(Publisher):  # type: ignore[misc]  # nameko has no types
    """Sends replies without asking whether they came: who misses one asks again."""

    use_confirms = False
    delivery_mode = NON_PERSISTENT


Responder.publisher_cls = _Replying


class _TooLate(Exception):
    """The reply did not come before the deadline."""


class _Replies(ReplyListener):  # type: ignore[misc]  # nameko has no types
    """Forgets a reply that nobody waits for any more; nameko keeps its event for ever, also
    when the call never left."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = threading.local()

    def get_reply_event(self, correlation_id: str) -> Any:
        self._asked.here = correlation_id
        return super().get_reply_event(correlation_id)

    def forget(self) -> None:
        """Forgets the reply to what this thread asked last."""
        self._reply_events.pop(getattr(self._asked, "here", None), None)


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
        try:
            with eventlet.Timeout(max(seconds, 0.001), _TooLate()):
                answer: dict[str, Any] = self._method(service, method).call_async(call).result()
                return answer
        except (_TooLate, UnknownService, RemoteError, AMQPError, OperationalError, OSError) as error:
            self.replies.forget()
            raise Unavailable(service=service) from error

    def _method(self, service: str, method: str) -> Any:
        if (service, method) not in self._methods:
            worker = SimpleNamespace(container=self.container, context_data={}, data={})
            self._methods[service, method] = MethodProxy(worker, service, method, self.replies, **_CALLING)
        return self._methods[service, method]

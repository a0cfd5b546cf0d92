"""Calls to the services from the command line."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from deploy.reestr.broker import Broker
from deploy.reestr.settings import places
from services.kernel import clock
from services.kernel.context import Context
from services.kernel.errors import Problem
from services.kernel.ids import new_id

TIMEOUT = 30.0


class Refused(Exception):
    """A service refused the call."""

    def __init__(self, problem: Problem) -> None:
        fields = "".join(f"\n  {error.field}: {error.en}" for error in problem.errors)
        super().__init__(f"{problem.en}{fields}")


def amqp_url() -> str:
    """The broker: that of the environment, otherwise the private node of this machine."""
    if "REESTR_AMQP_URL_FILE" in os.environ:
        return Path(os.environ["REESTR_AMQP_URL_FILE"]).read_text().strip()
    if "REESTR_AMQP_URL" in os.environ:
        return os.environ["REESTR_AMQP_URL"]
    where = places()
    return Broker(where.rabbitmq, where.log_of("broker")).url


class Remote:
    """The services, as a command of the operator reaches them."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy

    def call(
        self,
        service: str,
        method: str,
        arguments: Mapping[str, Any],
        key: str | None = None,
        version: int | None = None,
    ) -> dict[str, Any]:
        """The answer of `service.method`; raises `Refused` where it is a problem."""
        now, request = clock.now(), new_id()
        context = Context(
            "operator",
            "operator",
            request,
            request,
            now,
            now + timedelta(seconds=TIMEOUT),
            idempotency_key=key,
            expected_version=version,
        )
        call = {"arguments": arguments, "context": context.to_dict()}
        answer: dict[str, Any] = getattr(getattr(self._proxy, service), method)(call)
        if "problem" in answer:
            raise Refused(Problem.from_dict(answer["problem"]))
        return answer


@contextmanager
def services() -> Iterator[Remote]:
    # nameko takes two seconds to import, which `reestr up` need not wait for
    from nameko.standalone.rpc import ClusterRpcProxy  # noqa: PLC0415

    with ClusterRpcProxy({"AMQP_URI": amqp_url()}, timeout=TIMEOUT) as proxy:
        yield Remote(proxy)

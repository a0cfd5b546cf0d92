"""Events to a webhook's receiver, and the same bodies posted barely."""

import http.client
import threading
import time
from functools import cache
from typing import Any

from services.kernel import clock
from services.kernel.config import read_settings
from services.kernel.context import Context
from services.kernel.ids import new_id
from services.kernel.message import Message
from services.kernel.published import as_it_is
from services.kernel.runtime import Runtime
from services.notifications.reactions.webhooks.lane import WIDTH
from services.notifications.wiring import SERVICE
from tests.bench.sample import moved

PATIENCE = 60.0
SOURCE = "deals"


def ours(environment: dict[str, str], port: int, count: int) -> float:
    """Events a second, from the log of what was heard until the cursor stands behind them all."""
    runtime, webhook_id = _sender(tuple(sorted(environment.items())), port)
    at = runtime.received.head(SOURCE)
    runtime.received.receive(SOURCE, [_message(at + n + 1) for n in range(count)])
    begun = time.perf_counter()
    until = begun + PATIENCE
    while _ask(runtime, "get_webhook", webhook_id=webhook_id)["positions"].get(f"/reestr/{SOURCE}", 0) < at + count:
        if time.perf_counter() > until:
            raise RuntimeError("the events were not delivered")
        time.sleep(0.01)
    return count / (time.perf_counter() - begun)


@cache
def _sender(environment: tuple[tuple[str, str], ...], port: int) -> tuple[Runtime, str]:
    """The notifications service without a broker, and its webhook."""
    runtime = Runtime(SERVICE, read_settings(dict(environment)))
    runtime.projections.start()
    runtime.reactions.start()
    for worker in runtime.workers:
        worker.start()
    url, source = f"http://127.0.0.1:{port}/", f"/reestr/{SOURCE}"
    webhook_id: str = _ask(runtime, "create_webhook", url=url, sources=[source])["id"]
    while _ask(runtime, "get_webhook", webhook_id=webhook_id)["state"] != "active":
        time.sleep(0.1)
    return runtime, webhook_id


def _ask(runtime: Runtime, call: str, **arguments: Any) -> Any:
    now, request = clock.now(), new_id()
    context = Context("bench", "bench", request, request, now, clock.from_micros(2**52), request)
    answer = runtime.answers.answer(call, {"arguments": arguments, "context": context.to_dict()})
    assert "problem" not in answer, answer
    return answer["result"]


def _message(position: int) -> Message:
    now, id, subject = clock.now(), new_id(), f"d-{position % 50}"
    data, places = as_it_is(moved(subject, position)), ("e", position, position - 1, 1, 1)
    return Message(id, SOURCE, "StageChanged", subject, data, *places, now, now, "bench", id, id)


def bare(port: int, count: int) -> float:
    """Posts a second, as many at once as a webhook makes."""
    share = count // WIDTH
    posting = [threading.Thread(target=_post, args=(port, share)) for _ in range(WIDTH)]
    begun = time.perf_counter()
    for thread in posting:
        thread.start()
    for thread in posting:
        thread.join()
    return share * WIDTH / (time.perf_counter() - begun)


def _post(port: int, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    for position in range(count):
        headers = {"Content-Type": "application/cloudevents+json"}
        connection.request("POST", "/", _message(position + 1).to_json(), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK
    connection.close()

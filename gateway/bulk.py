"""Many operations in one call: each has the right, the key and the answer it would have alone.

The services carry out their parts at the same time, each in one call.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import eventlet
import msgspec
from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException

from gateway import requests
from gateway.app import Caller, Calling, Keys, authorise
from gateway.problems import problem_body, problem_of
from gateway.routes.bulk import BULK
from gateway.routing import SELF, Route
from services.kernel.context import Context
from services.kernel.errors import FieldError, Forbidden, Invalid, Problem, Refusal

WITHIN = timedelta(seconds=25)
AT_ONCE = 4
SEPARATOR = "\x1f"  # in no key that a caller may send

Answer = Mapping[str, Any]


class NotInBulk(Refusal):
    status = 422
    ru = "Эта операция не выполняется в пакете"
    en = "This operation is not carried out in bulk"


class TooManyBulkCalls(Refusal):
    status = 429
    ru = "Сразу выполняется не больше {limit} пакетов"
    en = "No more than {limit} bulk calls are carried out at a time"


@dataclass(frozen=True, slots=True)
class Operation:
    """One item that may go to its service."""

    route: Route
    arguments: Mapping[str, Any]
    context: Context

    def to_dict(self) -> dict[str, Any]:
        return {"call": self.route.call, "arguments": self.arguments, "context": self.context.to_dict()}


def bulk(routes: tuple[Route, ...], call: Calling, keys: Keys) -> Blueprint:
    blueprint = Blueprint("bulk", __name__)
    known = {f"{route.method} {route.path}": route for route in routes if route.is_repeatable and not route.view}
    places = threading.BoundedSemaphore(AT_ONCE)

    @blueprint.post(BULK.path)
    def carry_out() -> Response:
        caller = authorise(keys, SELF)
        context = requests.context(BULK, caller.principal, caller.actor)
        context = replace(context, deadline=context.now + WITHIN, rights=caller.rights(SELF))
        body = requests.arguments(BULK, {})
        with _place(places):
            begun = call(BULK.service, BULK.call, body, context)
            read = [_read(known, caller, context, number, item) for number, item in enumerate(body["items"])]
            answers = _ask(call, context, read)
        return _response(body["items"], read, answers, begun["position"])

    return blueprint


@contextmanager
def _place(places: threading.BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(blocking=False):
        raise TooManyBulkCalls(limit=AT_ONCE)
    try:
        yield
    finally:
        places.release()


def _read(
    known: Mapping[str, Route], caller: Caller, context: Context, number: int, item: Mapping[str, Any]
) -> Operation | Problem:
    try:
        return _operation(known, caller, context, number, item)
    except Refusal as refusal:
        return refusal.problem()
    except HTTPException as error:
        return problem_of(error)


def _operation(
    known: Mapping[str, Route], caller: Caller, context: Context, number: int, item: Mapping[str, Any]
) -> Operation:
    endpoint, path = current_app.url_map.bind("").match(item["path"], method=item["method"])
    route = known.get(str(endpoint))
    if route is None:
        raise NotInBulk
    if not caller.may(route.permission):
        raise Forbidden(permission=route.permission)
    body = item.get("body", {})
    if route.kind == "create" and "if_match" in item:
        raise Invalid([_unknown("if_match")])
    if path.keys() & body.keys():
        raise Invalid([_unknown(name) for name in path.keys() & body.keys()])
    own = replace(
        context,
        idempotency_key=f"{context.idempotency_key}{SEPARATOR}{number}",
        expected_version=item.get("if_match"),
        rights=caller.rights(route.permission),
    )
    return Operation(route, {**body, **path}, own)


def _unknown(name: str) -> FieldError:
    return FieldError(name, "unknown-field", "Неизвестное поле", "Unknown field.")


def _ask(call: Calling, context: Context, read: Sequence[Operation | Problem]) -> dict[int, Answer]:
    """The answers by the items' numbers; one call to each service."""
    of_service: dict[str, dict[int, Operation]] = {}
    for number, operation in enumerate(read):
        if isinstance(operation, Operation):
            of_service.setdefault(operation.route.service, {})[number] = operation

    def ask(service: str) -> dict[int, Answer]:
        operations = of_service[service]
        items = [operation.to_dict() for operation in operations.values()]
        try:
            given = call(service, "bulk", {"items": items}, context)["result"]
        except Refusal as refusal:
            given = [{"problem": refusal.problem().to_dict()}] * len(items)
        return dict(zip(operations, given, strict=True))

    answers: dict[int, Answer] = {}
    for some in eventlet.GreenPool(max(1, len(of_service))).imap(ask, of_service):
        answers |= some
    return answers


def _response(
    items: Sequence[Mapping[str, Any]],
    read: Sequence[Operation | Problem],
    answers: Mapping[int, Answer],
    begun: str,
) -> Response:
    told = []
    reached = dict([begun.split(":")])
    for number, (item, operation) in enumerate(zip(items, read, strict=True)):
        if isinstance(operation, Problem):
            told.append(_refused(operation, item))
        elif "problem" in (answer := answers[number]):
            told.append(_refused(Problem.from_dict(answer["problem"]), item))
        else:
            told.append({"status": operation.route.success, **answer["result"], "position": answer["position"]})
            source, position = answer["position"].split(":")
            reached[source] = max(reached.get(source, ""), position, key=lambda text: int(text or 0))
    response = Response(msgspec.json.encode({"items": told}), BULK.success, content_type="application/json")
    response.headers["Reestr-Position"] = ",".join(f"{source}:{position}" for source, position in reached.items())
    return response


def _refused(problem: Problem, item: Mapping[str, Any]) -> dict[str, Any]:
    return {"status": problem.status, "problem": problem_body(problem, item["path"])}

"""The OpenAPI description: the table of routes, joined with what the services describe."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.domain.session import COOKIE, CSRF_HEADER
from gateway.examples import EXAMPLES
from gateway.listing import list_parameters, sparse_view, sparse_views
from gateway.problems import MOST_ERRORS
from gateway.routing import OPEN, Route
from services.kernel.contracts import REF

Described = Mapping[str, Mapping[str, Any]]

_CONVENTIONS = """\
- **Writes** carry an `Idempotency-Key` of the caller's choice. The same key with the same body is carried out once and
  answered with the same status, id and version, however often it is sent; with another body it is refused (422).
  After a time-out or a 5xx repeat with the same key.
- **Changes** carry `If-Match` with the `ETag` they are based on: 428 without it, 412 when somebody was faster.
- **Reading one's own writes**: what a write answers as `Reestr-Position` is what a read takes as `min_position`.
- **Lists** answer `items` and `next`. Ask again with `cursor=<next>` until `next` is null; rows that are written
  meanwhile make nothing come twice or be left out.
- **Refusals** are `application/problem+json` with a stable `type`, in Russian or, by `Accept-Language`, in English.
- **Limits**: `RateLimit` and `RateLimit-Policy` say what is left; 429 says by `Retry-After` when to come again.
"""

_PARAMETERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        "description": "The same key with the same body gives the same answer, however often it is sent",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
        "description": "The version the change is based on, as in ETag",
    },
    "MinPosition": {
        "name": "min_position",
        "in": "query",
        "schema": {"type": "string", "pattern": r"^([a-z]+:[0-9]{1,18}(,[a-z]+:[0-9]{1,18}){0,9})?$"},
        "description": "Wait until these positions, as in Reestr-Position, are visible",
    },
}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "retry_after": {"type": "integer", "description": "Seconds, as in Retry-After"},
        "errors": {
            "type": "array",
            "maxItems": MOST_ERRORS,
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}


def document(routes: tuple[Route, ...], described: Described) -> dict[str, Any]:
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    for service in described.values():
        schemas.update(service["schemas"])
        schemas.update(sparse_views(service["calls"], service["schemas"]))
        schemas.update(_dated_views(service["calls"], service["schemas"]))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        call = described[route.service]["calls"][route.call]
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, call, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Reestr",
            "version": "1",
            "description": _CONVENTIONS,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _PARAMETERS,
            "responses": {
                "Problem": {
                    "description": "Refused; the reason in the language of Accept-Language",
                    "headers": {"Request-Id": {"schema": {"type": "string"}}},
                    "content": {"application/problem+json": {"schema": {"$ref": REF + "Problem"}}},
                }
            },
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": COOKIE,
                    "description": f"Writes carry the session's `csrf_token` as {CSRF_HEADER}",
                },
            },
        },
        "security": [{"key": []}, {"session": []}],
    }


def _dated_views(calls: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Beside the view of every resource with a past one that tells what happened since, where a
    time was asked for."""
    dated = {}
    for call in calls.values():
        if "since" in call:
            view = schemas[call["response"]["$ref"].removeprefix(REF)]
            name = _dated_view(call["response"])["$ref"].removeprefix(REF)
            dated[name] = {**view, "properties": {**view["properties"], "since": call["since"]}}
    return dated


def _dated_view(view: Mapping[str, str]) -> dict[str, str]:
    return {"$ref": f"{view['$ref']}Dated"}


def _operation(route: Route, call: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    request = schemas[call["request"]["$ref"].removeprefix(REF)]
    in_path = re.findall(r"{(\w+)}", route.path)
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": [_in_path(name, request) for name in in_path] + _common(route),
        "responses": _responses(route, call),
    }
    if route.permission == OPEN:
        operation["security"] = []
    if route.has_body:
        content = route.takes or {"application/json": {"schema": _without(request, [*in_path, *route.fixed])}}
        operation["requestBody"] = {"required": True, "content": _with_example(route, content)}
    else:
        resource = call.get("resource")
        told = list_parameters(resource) if resource else {}
        operation["parameters"] += [told.get(one["name"], one) for one in _in_query(request, in_path)]
    return operation


def _with_example(route: Route, content: Mapping[str, Any]) -> Mapping[str, Any]:
    if route.name not in EXAMPLES:
        return content
    return {kind: {**described, "example": EXAMPLES[route.name]} for kind, described in content.items()}


def _common(route: Route) -> list[dict[str, Any]]:
    names = ["MinPosition"]
    if route.is_repeatable:
        names.append("IdempotencyKey")
    if route.kind == "change":
        names.append("IfMatch")
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _in_path(name: str, request: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": request["properties"][name]}


def _in_query(request: Mapping[str, Any], in_path: list[str]) -> list[dict[str, Any]]:
    required = request.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in request.get("properties", {}).items()
        if name not in in_path
    ]


def _without(request: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    properties = {name: schema for name, schema in request.get("properties", {}).items() if name not in names}
    required = [name for name in request.get("required", []) if name not in names]
    body: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**body, "required": required} if required else body


def _responses(route: Route, call: Mapping[str, Any]) -> dict[str, Any]:
    schema: Any = call["response"]
    if "resource" in call:
        schema = {"anyOf": [schema, sparse_view(schema)]}
    if "since" in call:
        schema = _dated_view(schema)
    if call["many"]:
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": {"type": "array", "items": schema}, "next": {"type": ["string", "null"]}},
        }
    headers: dict[str, Any] = {}
    if route.is_write and route.kind != "form":
        headers["Reestr-Position"] = {"schema": {"type": "string"}}
    if route.kind in ("create", "change") or (route.kind == "get" and not route.has_body):
        headers["ETag"] = {"schema": {"type": "string"}}
    if route.kind == "create":
        headers["Location"] = {"schema": {"type": "string"}}
    done: dict[str, Any] = {"description": "Done", "content": route.gives or {"application/json": {"schema": schema}}}
    done["headers"] = {**headers, "Request-Id": {"schema": {"type": "string"}}}
    refused = {"$ref": "#/components/responses/Problem"}
    sent_on = {"303": {"description": "Taken in; the browser goes on to the form's `redirect`"}}
    answered = {str(route.success): done, **(sent_on if route.kind == "form" else {})}
    return {**answered, "4XX": refused, "5XX": refused}

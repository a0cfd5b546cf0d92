"""The gateway's web application in front of services that run in the test's own process."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jsonschema
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gateway.access import Access
from gateway.edge import Edge
from gateway.openapi import document
from gateway.routes import ROUTES
from gateway.web import make_web
from services.kernel.context import Context
from services.kernel.contracts import describe
from services.kernel.ids import new_id
from tests.system import System


class Web:
    """Requests as a client of the API makes them, by the owner unless another key is named."""

    def __init__(self, system: System, edge: Edge | None = None) -> None:
        self.system = system
        self.ready = {"gateway": True}
        self.access = Access(lambda: system.runtimes["gateway"])
        self.app: Flask = make_web(self.call, self.access, lambda: self.ready, edge)
        self.key = self.key_of("owner")
        self._validators: dict[tuple[str, str, str], jsonschema.Draft202012Validator] = {}

    @cached_property
    def openapi(self) -> Any:
        described = {name: describe(runtime.service) for name, runtime in self.system.runtimes.items()}
        return json.loads(json.dumps(document(ROUTES, described)))

    def call(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        return self.system.call(service, method, arguments, context)

    def key_of(self, role: str) -> str:
        user = self.system.do("gateway", "create_user", {"name": "Проверка", "role": role})
        key: str = self.system.do("gateway", "create_api_key", {"user_id": user["id"], "name": "проверка"})["key"]
        return key

    def send(self, method: str, path: str, **request: Any) -> TestResponse:
        """`key`, `version` and `idempotency_key` become headers; every write has its key."""
        headers = {"Authorization": f"Bearer {request.pop('key', self.key)}", **request.pop("headers", {})}
        if method != "GET":
            headers.setdefault("Idempotency-Key", request.pop("idempotency_key", None) or new_id())
        if (version := request.pop("version", None)) is not None:
            headers["If-Match"] = f'"{version}"'
        answer = self.app.test_client().open(path, method=method, headers=headers, **request)
        self._is_as_described(method, answer)
        return answer

    def _is_as_described(self, method: str, answer: TestResponse) -> None:
        """Every answer of a route is one that the OpenAPI document promises."""
        address = self.app.url_map.bind("localhost")
        if not address.test(answer.request.path, method):
            return
        rule = address.match(answer.request.path, method=method, return_rule=True)[0]
        operation = self.openapi["paths"][rule.rule.replace("<", "{").replace(">", "}")][method.lower()]
        success = answer.status_code < 300
        status = str(answer.status_code) if success else f"{answer.status_code // 100}XX"
        described = operation["responses"][status]
        if not success:
            described = self.openapi["components"]["responses"]["Problem"]
        content = described["content"][answer.mimetype]
        if answer.is_json:
            sparse = "fields" in answer.request.args
            schema = content["schema"] if sparse else _whole_views(content["schema"])
            self._validator((rule.rule, method, f"{status}{sparse}"), schema).validate(answer.get_json())
        for header in described.get("headers", {}):
            assert header in answer.headers, (method, rule.rule, header)

    def _validator(self, place: tuple[str, str, str], schema: Mapping[str, Any]) -> jsonschema.Draft202012Validator:
        if place not in self._validators:
            whole = {**schema, "components": self.openapi["components"]}
            self._validators[place] = jsonschema.Draft202012Validator(whole)
        return self._validators[place]

    def get(self, path: str, **request: Any) -> TestResponse:
        return self.send("GET", path, **request)

    def post(self, path: str, body: Any = None, **request: Any) -> TestResponse:
        return self.send("POST", path, json=body if body is not None else {}, **request)

    def patch(self, path: str, body: Any, **request: Any) -> TestResponse:
        return self.send("PATCH", path, json=body, **request)


def _whole_views(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of an answer that holds all fields, as it must when none were named."""
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    if "anyOf" not in items:
        return schema
    whole = {"type": "array", "items": items["anyOf"][0]}
    return {**schema, "properties": {**schema["properties"], "items": whole}}


@pytest.fixture(scope="module")
def web(system: System) -> Web:
    return Web(system)


def problem(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """The body of an RFC 9457 problem of this status and type."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert body["type"] == f"/problems/{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body

"""The gateway's web application in front of services that run in the test's own process."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gateway.queries import find_key_holder
from gateway.web import make_web
from services.kernel.context import Context
from services.kernel.ids import new_id
from tests.system import System


class Web:
    """Requests as a client of the API makes them, by the owner unless another key is named."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.ready = {"gateway": True}
        self.app: Flask = make_web(self.call, self.holder, lambda: self.ready)
        self.key = self.key_of("owner")

    def call(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        return self.system.call(service, method, arguments, context)

    def holder(self, presented: str) -> Any:
        with self.system.runtimes["gateway"].views.connect() as connection:
            return find_key_holder(connection, presented)

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
        return self.app.test_client().open(path, method=method, headers=headers, **request)

    def get(self, path: str, **request: Any) -> TestResponse:
        return self.send("GET", path, **request)

    def post(self, path: str, body: Any = None, **request: Any) -> TestResponse:
        return self.send("POST", path, json=body if body is not None else {}, **request)

    def patch(self, path: str, body: Any, **request: Any) -> TestResponse:
        return self.send("PATCH", path, json=body, **request)


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

"""A small client of the HTTP API: what any integrator would write first."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """The API answered with a problem."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title')} {problem.get('errors', '')}")
        self.status = status
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answer:
    body: Any
    headers: Mapping[str, str]

    @property
    def position(self) -> str:
        return self.headers.get("Reestr-Position", "")


class Api:
    """Every write carries an idempotency key, so a call that was cut off is simply repeated."""

    def __init__(self, address: str, key: str, attempts: int = 30) -> None:
        self._address = address
        self._key = key
        self._attempts = attempts

    def get(self, path: str, **query: Any) -> Any:
        return self._repeat("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), None, {}).body

    def download(self, path: str) -> bytes:
        content: bytes = self._repeat("GET", path, None, {}).body
        return content

    def post(self, path: str, body: Mapping[str, Any], key: str, version: int | None = None) -> Answer:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._repeat("POST", path, json.dumps(body).encode(), headers)

    def upload(self, path: str, content: bytes, media_type: str, key: str) -> Answer:
        return self._repeat("POST", path, content, {"Idempotency-Key": key, "Content-Type": media_type})

    def _repeat(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        for attempt in range(self._attempts):
            try:
                return self._once(method, path, body, headers)
            except Refused as refused:
                if refused.status not in (429, 502, 503, 504) or attempt == self._attempts - 1:
                    raise
            except OSError:
                if attempt == self._attempts - 1:
                    raise
            time.sleep(min(0.2 * 2**attempt, 2))
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(self._address + path, body, method=method)  # noqa: S310  # our own address
        request.add_header("Authorization", f"Bearer {self._key}")
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=40) as response:  # noqa: S310
                content = response.read()
                plain = response.headers.get_content_type() == "application/json"
                return Answer(json.loads(content) if plain else content, dict(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            problem = json.loads(text) if text[:1] == b"{" else {"title": text.decode(errors="replace")}
            raise Refused(error.code, problem) from error

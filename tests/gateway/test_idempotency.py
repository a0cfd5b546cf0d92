"""One key, one write: repeated, at the same time, after a restart, by another gateway."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.web import make_web
from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.gateway.conftest import Web

AT_ONCE = 8
TOLD = ("Location", "ETag", "Reestr-Position")
Send = Callable[[str], TestResponse]


@pytest.fixture(scope="module")
def anywhere(any_system):
    return Web(any_system)


def create(web: Web, path: str, body: Any) -> Send:
    return lambda key: web.post(path, body, idempotency_key=key)


def change(web: Web, method: str, body: Any) -> Send:
    """A change of a client made for it; a repetition names the version that is old by then."""
    place = web.post("/v1/clients", {"kind": "individual", "name": f"Кравцов {new_id()}"}).headers["Location"]
    path = place if method == "PATCH" else f"{place}/manager"
    return lambda key: web.send(method, path, json=body, version=1, idempotency_key=key)


def imported(web: Web) -> Send:
    table = f"Наименование\nООО «{new_id()}»\n".encode()
    return lambda key: web.send("POST", "/v1/imports", data=table, headers={"Idempotency-Key": key})


def writes(web: Web) -> dict[str, Send]:
    user = web.post("/v1/users", {"name": "Белова Анна", "role": "auditor"}).get_json()["id"]
    client = web.post("/v1/clients", {"kind": "individual", "name": f"Кравцов {new_id()}"}).get_json()["id"]
    web.system.deliver()
    return {
        "a client": create(web, "/v1/clients", {"kind": "legal_entity", "name": f"ООО «{new_id()}»"}),
        "a deal": create(web, "/v1/deals", {"client_id": client, "title": "Кухня"}),
        "a task": create(web, "/v1/tasks", {"title": "Позвонить", "due_date": "2026-12-01"}),
        "an organisation": create(web, "/v1/organisations", {**REQUISITES, "prefix": ""}),
        "a user": create(web, "/v1/users", {"name": "Громова Ирина", "role": "clerk"}),
        "a key": create(web, "/v1/api-keys", {"user_id": user, "name": "обмен"}),
        "an import": imported(web),
        "a change": change(web, "PATCH", {"city": "Тверь"}),
        "an action": change(web, "POST", {"manager_id": user}),
    }


def answer_of(response: TestResponse) -> tuple[Any, ...]:
    body = {name: value for name, value in response.get_json().items() if name != "key"}
    return response.status_code, body["id"], body["version"], *(response.headers.get(name) for name in TOLD)


def heads(web: Web) -> dict[str, int]:
    return {name: runtime.store.head().position for name, runtime in web.system.runtimes.items()}


def test_every_kind_of_write_that_is_repeated_is_answered_the_same_and_done_once(anywhere):
    for what, send in writes(anywhere).items():
        key = new_id()
        first = send(key)
        assert first.status_code < 300, (what, first.get_json())
        before = heads(anywhere)
        assert answer_of(send(key)) == answer_of(first), what
        assert heads(anywhere) == before, what


def test_of_the_same_write_sent_at_the_same_time_one_is_carried_out_and_all_get_its_answer(anywhere):
    for what, send in writes(anywhere).items():
        key, before = new_id(), heads(anywhere)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(send, [key] * AT_ONCE))
        assert answers[0].status_code < 300, (what, answers[0].get_json())
        assert len({answer_of(answer) for answer in answers}) == 1, what
        once = heads(anywhere)
        assert answer_of(send(key)) == answer_of(answers[0])
        assert heads(anywhere) == once != before, what


def test_of_different_writes_sent_with_one_key_at_the_same_time_one_is_carried_out(anywhere):
    def send(number: int) -> TestResponse:
        body = {"kind": "legal_entity", "name": f"ООО «{key} {number}»"}
        return anywhere.post("/v1/clients", body, idempotency_key=key)

    for _ in range(5):
        key, before = new_id(), heads(anywhere)["clients"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = Counter(answer.status_code for answer in pool.map(send, range(AT_ONCE)))
        assert answers == {201: 1, 422: AT_ONCE - 1}
        assert heads(anywhere)["clients"] == before + 1


def test_a_gateway_that_died_before_it_answered_is_repeated_to_another_after_a_restart(anywhere):
    key, body = new_id(), {"kind": "legal_entity", "name": f"ООО «{new_id()}»"}
    asked: list[Any] = []

    def cut_off(service: str, method: str, arguments: Any, context: Any) -> Any:
        asked.append(anywhere.system.call(service, method, arguments, context))
        raise SystemExit

    dying = make_web(cut_off, anywhere.access, dict)
    headers = {"Authorization": f"Bearer {anywhere.key}", "Idempotency-Key": key}
    with pytest.raises(SystemExit):
        dying.test_client().post("/v1/clients", json=body, headers=headers)
    [done] = [answer["result"] for answer in asked]
    for name in anywhere.system.runtimes:
        anywhere.system.reopen(name)
    again = Web(anywhere.system).post("/v1/clients", body, key=anywhere.key, idempotency_key=key)
    assert again.status_code == 201
    assert (again.get_json(), again.headers["Location"]) == (done, f"/v1/clients/{done['id']}")
    assert again.headers["ETag"] == '"1"'
    assert again.headers["Reestr-Position"] == asked[0]["position"]

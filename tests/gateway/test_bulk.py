"""Many operations in one call."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gateway.bulk import AT_ONCE, SEPARATOR
from services.kernel.bulk import WIDTH
from services.kernel.errors import Unavailable
from services.kernel.ids import new_id
from tests.contracts.valid import REQUISITES
from tests.gateway.conftest import Web, problem


@pytest.fixture(scope="module")
def anywhere(any_system):
    return Web(any_system)


def person(**more: Any) -> dict[str, Any]:
    return {"method": "POST", "path": "/v1/clients", "body": {"kind": "individual", "name": f"К {new_id()}", **more}}


def change(client: Any, version: int | None = None, **fields: Any) -> dict[str, Any]:
    item = {"method": "PATCH", "path": f"/v1/clients/{client['id']}", "body": fields}
    return item if version is None else {**item, "if_match": version}


def send(web: Web, items: Any, **request: Any) -> list[Any]:
    answer = web.post("/v1/bulk", {"items": items}, **request)
    assert answer.status_code == 200, answer.get_json()
    told: list[Any] = answer.get_json()["items"]
    return told


def heads(web: Web) -> dict[str, int]:
    return {name: runtime.store.head().position for name, runtime in web.system.runtimes.items()}


def noting(call: Any, asked: list[tuple[str, str]]) -> Any:
    def noted(name: str, method: str, arguments: Any, context: Any) -> Any:
        asked.append((name, method))
        return call(name, method, arguments, context)

    return noted


def test_operations_on_every_service_go_in_one_call_to_each(anywhere, monkeypatch):
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(anywhere.system, "call", noting(anywhere.system.call, asked))
    client = anywhere.post("/v1/clients", person()["body"]).get_json()
    anywhere.system.deliver()
    items = [
        change(client, 1, city="Тверь"),
        {"method": "POST", "path": "/v1/deals", "body": {"client_id": client["id"], "title": "Кухня"}},
        {"method": "POST", "path": "/v1/organisations", "body": {**REQUISITES, "prefix": "Б"}},
        {"method": "POST", "path": "/v1/teams", "body": {"name": "Отдел", "members": []}},
        {"method": "POST", "path": "/v1/tasks", "body": {"title": "Позвонить", "due_date": "2026-12-01"}},
    ]
    answer = anywhere.post("/v1/bulk", {"items": items})
    told = answer.get_json()["items"]
    assert [one["status"] for one in told] == [200, 201, 201, 201, 201]
    assert told[0] | {"position": ""} == {"status": 200, "id": client["id"], "version": 2, "position": ""}
    assert sorted(name for name, method in asked if method == "bulk") == ["clients", "deals", "documents", "gateway"]
    reached = answer.headers["Reestr-Position"]
    assert {one.split(":")[0] for one in reached.split(",")} == {"clients", "deals", "documents", "gateway"}
    read = anywhere.get(f"/v1/clients/{client['id']}", query_string={"min_position": told[0]["position"]})
    assert read.get_json()["city"] == "Тверь"


def test_each_item_is_refused_for_itself_as_it_would_be_alone(web):
    client = web.post("/v1/clients", person()["body"]).get_json()
    items = [
        person(),
        {"method": "POST", "path": "/v1/clients", "body": {"kind": "nobody"}},
        change(client, city="Тверь"),
        change(client, 7, city="Тверь"),
        change({"id": "none"}, 1, city="Тверь"),
        {"method": "POST", "path": "/v1/nothing"},
        {"method": "PUT", "path": "/v1/clients"},
        {"method": "POST", "path": "/v1/imports"},
        {"method": "POST", "path": "/v1/bulk", "body": {"items": [person()]}},
        {"method": "POST", "path": "/v1/sessions", "body": {"email": "a@b.example", "password": "secret"}},
        {**person(), "if_match": 1},
        change(client, 1, client_id="another"),
        person(),
    ]
    told = send(web, items)
    assert [one["status"] for one in told] == [201, 422, 428, 412, 404, 404, 405, 422, 422, 422, 422, 422, 201]
    alone = web.post("/v1/clients", {"kind": "nobody"}).get_json()
    assert told[1]["problem"] | {"request_id": ""} == alone | {"request_id": ""}
    assert {one["problem"]["type"] for one in told[7:10]} == {"/problems/not-in-bulk"}
    assert [one["problem"]["errors"][0]["field"] for one in told[10:12]] == ["if_match", "client_id"]
    english = send(web, items[2:3], headers={"Accept-Language": "en"})
    assert english[0]["problem"]["detail"] == "The If-Match header is required"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "items"),
        ({"items": []}, "items"),
        ({"items": "all"}, "items"),
        ({"items": [person() for _ in range(501)]}, "items"),
        ({"items": [{"path": "/v1/clients"}]}, "items.0.method"),
        ({"items": [{**person(), "method": "GET"}]}, "items.0.method"),
        ({"items": [{**person(), "path": ""}]}, "items.0.path"),
        ({"items": [{**person(), "body": []}]}, "items.0.body"),
        ({"items": [{**person(), "if_match": "1"}]}, "items.0.if_match"),
        ({"items": [{**person(), "if_match": 0}]}, "items.0.if_match"),
        ({"items": [{**person(), "header": "x"}]}, "items.0.header"),
        ({"items": [person()], "atomic": True}, "atomic"),
    ],
)
def test_what_is_no_bulk_call_is_refused_as_a_whole_and_writes_nothing(web, body, field):
    web.get("/v1/clients")  # the first use of a key is noted
    before = heads(web)
    errors = problem(web.post("/v1/bulk", body), 422, "invalid")["errors"]
    assert [error["field"] for error in errors] == [field]
    assert heads(web) == before


def test_each_item_needs_the_right_that_it_would_need_alone(web):
    manager = web.system.do("gateway", "create_user", {"name": "Белова", "role": "sales_manager"})["id"]
    key = web.system.do("gateway", "create_api_key", {"user_id": manager, "name": "её"})["key"]
    web.system.deliver()
    others = web.post("/v1/clients", person()["body"]).get_json()
    own = web.post("/v1/clients", {**person()["body"], "manager_id": manager}).get_json()
    assign = {"method": "POST", "path": f"/v1/clients/{own['id']}/manager", "body": {"manager_id": manager}}
    items = [change(own, 1, city="Тверь"), change(others, 1, city="Тверь"), {**assign, "if_match": 1}, person()]
    told = send(web, items, key=key)
    assert [one["status"] for one in told] == [200, 404, 403, 201]
    seen = {"min_position": told[3]["position"]}
    made = web.get(f"/v1/clients/{told[3]['id']}", key=key, query_string=seen).get_json()
    assert made["manager_id"] == manager
    assert web.get(f"/v1/clients/{others['id']}").get_json()["version"] == 1


def test_a_key_opens_no_more_in_bulk_than_its_scopes(web):
    owner = web.system.do("gateway", "create_user", {"name": "Громова", "role": "owner"})["id"]
    asked = {"user_id": owner, "name": "обмен", "scopes": ["tasks.write"]}
    key = web.system.do("gateway", "create_api_key", asked)["key"]
    task = {"method": "POST", "path": "/v1/tasks", "body": {"title": "Позвонить", "due_date": "2026-12-01"}}
    assert [one["status"] for one in send(web, [person(), task], key=key)] == [403, 201]
    assert web.post("/v1/bulk", {"items": [task]}, key="none").status_code == 401


def test_the_same_call_again_is_answered_the_same_and_done_once(anywhere):
    client = anywhere.post("/v1/clients", person()["body"]).get_json()
    items = [person(), change(client, 1, city="Тверь"), change(client, 2, city="Клин"), change(client, 9, city="?")]
    key = new_id()
    first = send(anywhere, items, idempotency_key=key)
    assert [one["status"] for one in first] == [201, 200, 200, 412]
    before = heads(anywhere)
    again = send(anywhere, items, idempotency_key=key)
    assert again[:3] == first[:3]
    assert again[3]["status"] == 412
    assert heads(anywhere) == before


@pytest.mark.parametrize("other", [slice(0, 1), slice(1, 3), slice(None, None, -1)])
def test_another_body_under_the_same_key_is_refused_as_a_whole(web, other):
    items, key = [person(), {**person(), "if_match": 1}, person()], new_id()
    send(web, items, idempotency_key=key)
    before = heads(web)
    problem(web.post("/v1/bulk", {"items": items[other]}, idempotency_key=key), 422, "idempotency-key-reused")
    assert heads(web) == before


def test_of_the_same_call_sent_at_the_same_time_every_item_is_done_once(anywhere):
    items, key = [person() for _ in range(30)], new_id()
    before = heads(anywhere)["clients"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(pool.map(lambda _: send(anywhere, items, idempotency_key=key), range(AT_ONCE)))
    assert all(one == sent[0] for one in sent)
    assert {one["status"] for one in sent[0]} == {201}
    assert heads(anywhere)["clients"] == before + len(items)


def test_what_was_cut_off_is_completed_by_the_same_call_again(web, monkeypatch):
    """As when a service dies in the middle: what it had written counts, the rest is done now."""
    items, key = [person() for _ in range(20)], new_id()
    answers = web.system.runtimes["clients"].answers
    execute, left = answers.execute, iter(range(8))

    def dying(*call: Any) -> Any:
        if next(left, None) is None:
            raise RuntimeError("killed")
        return execute(*call)

    before = heads(web)["clients"]
    with monkeypatch.context() as patch:
        patch.setattr(answers, "execute", dying)
        cut_off = send(web, items, idempotency_key=key)
    assert sorted(one["status"] for one in cut_off) == [201] * 8 + [503] * 12
    whole = send(web, items, idempotency_key=key)
    assert {one["status"] for one in whole} == {201}
    done = [(now, then) for now, then in zip(whole, cut_off, strict=True) if then["status"] == 201]
    assert all(now == then for now, then in done)
    assert heads(web)["clients"] == before + len(items)


def test_a_service_that_is_away_takes_nobody_elses_answers_along(anywhere):
    class Away(Web):
        def call(self, service: str, method: str, arguments: Any, context: Any) -> Any:
            if (service, method) == ("deals", "bulk"):
                raise Unavailable(service=service)
            return super().call(service, method, arguments, context)

    deal = {"method": "POST", "path": "/v1/deals", "body": {"client_id": "c", "title": "Кухня"}}
    told = send(Away(anywhere.system), [deal, person()])
    assert [one["status"] for one in told] == [503, 201]
    assert (told[0]["problem"]["type"], told[0]["problem"]["retry_after"]) == ("/problems/unavailable", 1)


def test_changes_of_one_resource_are_made_in_their_order(anywhere):
    clients = [anywhere.post("/v1/clients", person()["body"]).get_json() for _ in range(3)]
    items = [change(client, version, note=str(version)) for version in range(1, 2 * WIDTH) for client in clients]
    assert {one["status"] for one in send(anywhere, items)} == {200}


def test_a_new_secret_is_told_once(web):
    owner = web.system.do("gateway", "create_user", {"name": "Громова", "role": "owner"})["id"]
    item = {"method": "POST", "path": "/v1/api-keys", "body": {"user_id": owner, "name": "обмен"}}
    key = new_id()
    [first], [again] = (send(web, [item], idempotency_key=key) for _ in range(2))
    assert web.get("/v1/clients", key=first["key"]).status_code == 200
    assert (again["id"], "key" in again) == (first["id"], False)


def test_no_caller_can_send_the_key_of_an_item(web):
    refused = web.post("/v1/clients", person()["body"], idempotency_key=f"k{SEPARATOR}0")
    problem(refused, 400, "idempotency-key-required")


def test_only_so_many_calls_are_carried_out_at_a_time(web, monkeypatch):
    monkeypatch.setattr("gateway.bulk.AT_ONCE", 0)
    refused = Web(web.system).post("/v1/bulk", {"items": [person()]})
    problem(refused, 429, "too-many-bulk-calls")
    assert refused.headers["Retry-After"]


@pytest.mark.capability("CL-48")
def test_a_manager_starts_sales_sets_tasks_and_reminders_and_adds_a_client_from_his_list(anywhere):
    manager = anywhere.post("/v1/users", {"name": "Белова Анна", "role": "sales_manager"}).get_json()["id"]
    key = anywhere.post("/v1/api-keys", {"user_id": manager, "name": "список"}).get_json()["key"]
    send(anywhere, [person(city="Кострома", manager_id=manager) for _ in range(3)])
    anywhere.system.deliver()
    chosen = anywhere.get("/v1/clients", query_string={"filter": "city = Кострома"}, key=key).get_json()["items"]
    assert len(chosen) == 3
    sales = [("/v1/deals", {"client_id": one["id"], "title": "Кухня", "manager_id": manager}) for one in chosen]
    mine = {"assignee_id": manager, "client_id": chosen[0]["id"]}
    task = {**mine, "title": "Замерить", "due_date": "2030-12-02"}
    reminder = {**mine, "title": "Напомнить", "due_at": "2030-12-02T12:00:00+03:00", "remind_minutes": [60, 0]}
    added = person(manager_id=manager)
    told = send(
        anywhere,
        [
            *({"method": "POST", "path": path, "body": body} for path, body in sales),
            {"method": "POST", "path": "/v1/tasks", "body": task},
            {"method": "POST", "path": "/v1/tasks", "body": reminder},
            added,
        ],
        key=key,
    )
    assert [one["status"] for one in told] == [201] * 6
    anywhere.system.deliver()
    deals = anywhere.get("/v1/deals", key=key).get_json()["items"]
    assert {deal["client_id"] for deal in deals} == {one["id"] for one in chosen}
    tasks = anywhere.get("/v1/tasks", query_string={"sort": "title"}, key=key).get_json()["items"]
    assert [(one["title"], one["remind_minutes"]) for one in tasks] == [("Замерить", []), ("Напомнить", [60, 0])]
    assert anywhere.get(f"/v1/clients/{told[-1]['id']}", key=key).get_json()["name"] == added["body"]["name"]

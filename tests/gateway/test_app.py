import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from gateway.routes import ROUTES
from services.kernel.errors import Unavailable
from services.kernel.ids import new_id
from tests.gateway.conftest import problem

CARD = {"kind": "legal_entity", "name": "ООО «Проверка»"}


def create(web, **card):
    return web.post("/v1/clients", {**CARD, "name": f"ООО «{new_id()}»", **card})


def raw(web, body, **headers):
    return web.send("POST", "/v1/clients", data=body, headers={"Content-Type": "application/json", **headers})


def test_creating_answers_with_the_resource_its_place_version_and_position(web):
    made = create(web)
    assert made.status_code == 201
    body = made.get_json()
    assert made.headers["Location"] == f"/v1/clients/{body['id']}"
    assert made.headers["ETag"] == '"1"'
    assert re.fullmatch(r"clients:\d+", made.headers["Reestr-Position"])
    assert web.get(made.headers["Location"]).get_json() == body


def test_changing_names_the_version_it_is_based_on(web):
    made = create(web)
    place = made.headers["Location"]
    changed = web.patch(place, {"city": "Кострома"}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.get_json()["city"] == "Кострома"
    problem(web.patch(place, {"city": "Тверь"}), 428, "version-required")
    problem(web.patch(place, {"city": "Тверь"}, version=1), 412, "stale-version")
    assert web.get(place).get_json()["city"] == "Кострома"


@pytest.mark.parametrize("header", ["1", "*", 'W/"1"', '"one"', '""', '"1", "2"', '"1234567890"', '"١"'])
def test_another_form_of_if_match_is_refused(web, header):
    place = create(web).headers["Location"]
    encoded = header.encode().decode("latin-1")
    problem(web.patch(place, {"city": "Тверь"}, headers={"If-Match": encoded}), 400, "malformed-if-match")


def test_a_write_without_an_idempotency_key_is_refused(web):
    refused = web.app.test_client().post("/v1/clients", json=CARD, headers={"Authorization": f"Bearer {web.key}"})
    problem(refused, 400, "idempotency-key-required")


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "a\tb"])
def test_an_idempotency_key_has_one_to_two_hundred_printable_characters(web, key):
    problem(raw(web, json.dumps(CARD), **{"Idempotency-Key": key}), 400, "idempotency-key-required")


def test_the_same_key_and_body_give_the_same_answer(web):
    body, key = {**CARD, "name": new_id()}, new_id()
    first, second = (web.post("/v1/clients", body, idempotency_key=key) for _ in range(2))
    assert (second.status_code, second.get_json()) == (first.status_code, first.get_json())
    assert second.headers["Reestr-Position"] == first.headers["Reestr-Position"]
    problem(web.post("/v1/clients", CARD, idempotency_key=key), 422, "idempotency-key-reused")


def test_keys_of_one_caller_are_nothing_to_another(web):
    key = new_id()
    made = create(web).get_json()
    body = {**CARD, "name": new_id()}
    first = web.post("/v1/clients", body, idempotency_key=key).get_json()
    other = web.post("/v1/clients", {**body, "name": new_id()}, idempotency_key=key, key=web.key_of("owner")).get_json()
    assert len({made["id"], first["id"], other["id"]}) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": "\xff"}',
        b'{"name": "a"} tail',
        b'{"name": "a", "name": "b"}',
        b'{"kind": "individual", "phones": [{"a": 1, "a": 2}]}',
        b"{'name': 'a'}",
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"number": ' + b"1" * 5000 + b"}",
    ],
    ids=range(14),
)
def test_what_is_no_json_is_refused_as_such(web, body):
    problem(raw(web, body), 400, "broken-json")


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_json_that_is_no_object_is_refused(web, body):
    problem(raw(web, body), 422, "not-an-object")


def test_a_lone_surrogate_is_blamed_on_its_field(web):
    refused = problem(raw(web, b'{"kind": "individual", "name": "\\ud800"}'), 422, "invalid")
    assert [error["field"] for error in refused["errors"]] == ["name"]
    refused = problem(raw(web, b'{"kind": "individual", "name": "a", "\\ud800": 1}'), 422, "invalid")
    assert refused["errors"][0]["code"] == "unknown-field"


def in_chunks(web, body):
    environ = {"wsgi.input": io.BytesIO(body), "HTTP_TRANSFER_ENCODING": "chunked"}
    return web.send("POST", "/v1/clients", environ_overrides=environ)


def test_a_body_in_chunks_is_read_and_not_cut(web):
    assert in_chunks(web, json.dumps({**CARD, "name": new_id()}).encode()).status_code == 201
    problem(in_chunks(web, b'{"name": "' + b"x" * (3 * 1024 * 1024) + b'"}'), 413, "too-large")


def test_an_oversized_body_is_refused(web):
    problem(raw(web, b'{"name": "' + b"x" * (1024 * 1024) + b'"}'), 413, "too-large")


def test_nothing_to_change_is_refused(web):
    place = create(web).headers["Location"]
    requests: list[dict[str, Any]] = [{"json": {}}, {"data": b""}, {"json": {"allow_duplicate": True}}]
    for request in requests:
        refused = problem(web.send("PATCH", place, version=1, **request), 422, "invalid")
        assert refused["errors"][0]["code"] == "nothing-to-change"
    assert web.get(place).get_json()["version"] == 1


def test_an_id_stands_in_the_path_only(web):
    made = create(web).get_json()
    refused = problem(web.patch(f"/v1/clients/{made['id']}", {"client_id": "other"}, version=1), 422, "invalid")
    assert refused["errors"][0]["field"] == "client_id"


@pytest.mark.parametrize("presented", ["", "Bearer", "Bearer nonsense", "Basic a2V5", "Bearer rk_1_2", "bearer rk__"])
def test_without_a_valid_key_there_is_no_access(web, presented):
    refused = web.app.test_client().get("/v1/clients", headers={"Authorization": presented})
    problem(refused, 401, "unauthorised")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_with_another_secret_is_refused(web):
    problem(web.get("/v1/clients", key=web.key[:-1] + ("A" if web.key[-1] != "A" else "B")), 401, "unauthorised")


def test_a_role_without_the_permission_is_refused_and_told_which(web):
    refused = problem(web.post("/v1/clients", CARD, key=web.key_of("auditor")), 403, "forbidden")
    assert "clients.write" in refused["detail"]


def test_a_revoked_key_and_one_of_a_deactivated_user_open_nothing(web):
    user = web.post("/v1/users", {"name": "Уволен", "role": "auditor"}).get_json()
    keys = [web.post("/v1/api-keys", {"user_id": user["id"], "name": name}).get_json() for name in "ab"]
    assert [web.get("/v1/clients", key=key["key"]).status_code for key in keys] == [200, 200]
    web.post(f"/v1/api-keys/{keys[0]['id']}/revoke", version=1)
    assert [web.get("/v1/clients", key=key["key"]).status_code for key in keys] == [401, 200]
    web.post(f"/v1/users/{user['id']}/deactivate", version=1)
    assert [web.get("/v1/clients", key=key["key"]).status_code for key in keys] == [401, 401]


def test_a_key_is_told_once_and_kept_as_a_hash_only(web):
    user = web.post("/v1/users", {"name": "Ключник", "role": "auditor"}).get_json()
    idempotency_key = new_id()
    made, again = (
        web.post("/v1/api-keys", {"user_id": user["id"], "name": "один"}, idempotency_key=idempotency_key).get_json()
        for _ in range(2)
    )
    assert again == {name: value for name, value in made.items() if name != "key"}
    secret = made["key"].split("_", 2)[2]  # it may have such signs itself
    stored = Path(web.system.runtimes["gateway"].store.database.url.database)
    assert all(secret.encode() not in file.read_bytes() for file in stored.parent.glob("*.db*"))
    assert "key" not in web.get(f"/v1/api-keys/{made['id']}").get_json()


def test_an_unknown_address_and_a_wrong_method_are_problems_too(web):
    problem(web.get("/v1/nothing"), 404, "not-found")
    wrong = web.send("DELETE", "/v1/clients")
    problem(wrong, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(wrong.headers["Allow"].split(", "))


@pytest.mark.parametrize("route", [r for r in ROUTES if "{" in r.path], ids=lambda r: f"{r.method} {r.path}")
def test_an_unknown_id_is_not_found(web, route):
    path = re.sub(r"{\w+}", "no-such-id", route.path)
    body = {
        "change_client": {"city": "Тверь"},
        "assign_client": {"manager_id": None},
        "hand_over": {"successor_id": "u-1"},
        "change_client_vip": {"vip": True},
        "name_vip_manager": {"user_id": "u-1"},
        "merge_clients": {"merged_id": "c-2"},
        "unmerge_clients": {"merged_id": "c-2"},
        "change_contact": {"note": "x"},
        "link_contact": {"client_id": "c-1"},
        "unlink_contact": {"client_id": "c-1"},
        "change_interaction": {"subject": "x"},
        "change_task": {"title": "x"},
        "revoke_consent": {"source": "x"},
        "assign_lead": {"assignee_id": "u-1"},
        "reject_lead": {"reason": "spam"},
        "change_lead_form": {"active": False},
        "submit_lead_form": {"name": "x"},
        "change_lead_rule": {"contact_minutes": 5},
        "change_questionnaire": {"title": "x"},
        "erase_lead": {"reason": "x"},
        "erase_client": {"reason": "x"},
        "erase_contact": {"reason": "x"},
        "resolve_complaint": {"resolution": "x"},
        "change_dictionary_entry": {"name": "x"},
        "change_client_field": {"label": "x"},
        "change_deal": {"title": "другое"},
        "change_deal_stage": {"stage": "won"},
        "cancel_document": {"reason": "отказ"},
        "cancel_payment": {"reason": "ошибка"},
        "change_organisation": json.loads(REQUISITES),
        "change_user_role": {"role": "clerk"},
        "change_role": {"name": "Роль", "permissions": []},
        "change_team": {"name": "Команда", "members": []},
        "change_webhook": {"types": []},
        "replay_webhook": {"since": "2026-01-01T00:00:00Z"},
    }.get(route.call, {})
    answer = web.send(route.method, path, **({"json": body, "version": 1} if route.is_write else {}))
    problem(answer, 404, "not-found")


REQUISITES = """{"kind": "legal_entity", "name": "ООО «П»", "full_name": "Общество «П»", "inn": "7699990013",
"kpp": "769901001", "address": "Ярославль", "tax_regime": "osno", "bank": {"name": "Банк", "bic": "044525971",
"account": "40702810700010007699", "corr_account": "30101810000000000971"}}"""


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ru", "ru"),
        ("en", "en"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("ru;q=0.5,en;q=0.4", "ru"),
        ("ru;q=0.4,en;q=0.5", "en"),
        ("de;q=1,en-GB;q=0.1", "en"),
        ("ru;q=0,en;q=0.1", "en"),
        ("de", "ru"),
        ("", "ru"),
    ],
)
def test_a_problem_speaks_the_language_asked_for_and_russian_otherwise(web, accepted, language):
    refused = web.post("/v1/clients", {"kind": "legal_entity"}, headers={"Accept-Language": accepted})
    body = problem(refused, 422, "invalid")
    assert refused.headers["Content-Language"] == language
    assert "Accept-Language" in refused.headers["Vary"]
    expected = {"ru": "Обязательное поле", "en": "Missing data for required field."}[language]
    assert body["errors"] == [{"field": "name", "code": "required", "detail": expected}]
    assert body["instance"] == "/v1/clients"


@pytest.mark.parametrize(
    "text", ["clients", "clients:", ":1", "clients:-1", "clients:1;deals:2", "Clients:1", "clients:1,"]
)
def test_a_malformed_position_is_refused(web, text):
    problem(web.get("/v1/clients", query_string={"min_position": text}), 400, "malformed-min-position")


def test_a_position_that_is_there_is_waited_for_and_one_far_ahead_is_not_there_yet(web, monkeypatch):
    position = create(web).headers["Reestr-Position"]
    assert web.get("/v1/clients", query_string={"min_position": f"{position},nobody:5"}).status_code == 200
    monkeypatch.setattr("services.kernel.answers.LONGEST_WAIT", 0.1)
    late = web.get("/v1/clients", query_string={"min_position": "clients:999999"})
    problem(late, 503, "not-yet-visible")
    assert late.headers["Retry-After"] == "1"


def test_a_write_waits_for_a_position_too(web, monkeypatch):
    monkeypatch.setattr("services.kernel.answers.LONGEST_WAIT", 0.1)
    body = {**CARD, "name": new_id()}
    late = web.post("/v1/clients", body, query_string={"min_position": "documents:999"})
    problem(late, 503, "not-yet-visible")


def test_a_service_that_does_not_answer_is_a_problem_with_a_way_on(web, monkeypatch):
    def silent(*_: object) -> dict[str, object]:
        raise Unavailable(service="clients")

    monkeypatch.setattr(web.system, "call", silent)
    late = web.get("/v1/clients")
    assert "clients" in problem(late, 503, "unavailable")["detail"]
    assert late.headers["Retry-After"]


def test_what_nobody_expected_is_told_without_its_inside(web, monkeypatch):
    def broken(*_: object) -> dict[str, object]:
        raise KeyError("secret inside")

    monkeypatch.setattr(web.system, "call", broken)
    monkeypatch.setitem(web.app.config, "PROPAGATE_EXCEPTIONS", False)
    assert "secret" not in json.dumps(problem(web.get("/v1/clients"), 500, "internal"))


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=a",
        "limit=١",
        "limit=1&limit=2",
        "cursor=%25",
        "cursor=AAAA",
        "surprise=1",
        "q=%00",
    ],
)
def test_a_wrong_argument_of_a_list_is_named(web, query):
    refused = problem(web.get(f"/v1/clients?{query}"), 422, "invalid")
    assert refused["errors"][0]["field"] == query.partition("=")[0]


def test_a_list_is_paged_without_loss_while_it_grows(web):
    here = {create(web, city="Листов").get_json()["id"] for _ in range(5)}
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = web.get("/v1/clients", query_string=query).get_json()
        seen += [client["id"] for client in page["items"]]
        create(web)
        if page["next"] is None or len(seen) > 200:
            break
        query["cursor"] = page["next"]
        if here <= set(seen):
            break
    assert here <= set(seen)
    assert len(seen) == len(set(seen))

"""Users, keys, roles and teams by HTTP: who may give what to whom, and what it opens."""

from datetime import timedelta
from typing import Any

import pytest

from gateway import access as gateway_access
from gateway.roles import ROW_RESOURCES
from services.kernel import clock
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.gateway.conftest import Web, problem


def made(answer):
    assert answer.status_code < 300, answer.get_json()
    return answer.get_json()


def user(web, role="sales_manager", **more):
    return made(web.post("/v1/users", {"name": "Белова Анна", "role": role, **more}))


def key(web, user_id, **more):
    return made(web.post("/v1/api-keys", {"user_id": user_id, "name": "обмен", **more}))


def role(web, *permissions, rows="own", **more):
    rows = dict.fromkeys(ROW_RESOURCES, rows)
    body = {"id": f"role_{new_id()[-12:]}", "name": "Своя", "permissions": [*permissions], "rows": rows, **more}
    return made(web.post("/v1/roles", body))


def bearer(web, *permissions, rows="all", **more):
    """A user of a role of his own, and his key."""
    who = user(web, role(web, *permissions, rows=rows, **more)["id"])
    return who, key(web, who["id"])["key"]


def rights_of(web, presented, permission):
    caller = web.access(presented)
    return caller.rights(permission)


def test_a_key_with_scopes_opens_those_only(web):
    who = user(web)
    limited = key(web, who["id"], scopes=["clients.read", "tasks.read"])
    assert limited["scopes"] == ["clients.read", "tasks.read"]
    assert web.get("/v1/clients", key=limited["key"]).status_code == 200
    problem(web.get("/v1/deals", key=limited["key"]), 403, "forbidden")


def test_a_scope_beyond_the_role_is_refused(web):
    body = {"user_id": user(web)["id"], "name": "обмен", "scopes": ["payments.write"]}
    refused = problem(web.post("/v1/api-keys", body), 422, "scope-beyond-role")
    assert refused["errors"][0]["field"] == "scopes"


def test_scopes_shrink_with_the_role(web):
    who = user(web, "accountant")
    limited = key(web, who["id"], scopes=["payments.write", "clients.read"])
    made(web.post(f"/v1/users/{who['id']}/role", {"role": "lawyer"}, version=1))
    assert web.get("/v1/clients", key=limited["key"]).status_code == 200
    problem(web.post("/v1/payments", {}, key=limited["key"]), 403, "forbidden")


def test_a_key_ends_at_its_expiry(web, monkeypatch):
    ends = clock.now() + timedelta(days=1)
    limited = key(web, user(web)["id"], expires_at=ends.isoformat())
    assert web.get("/v1/clients", key=limited["key"]).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: ends)
    assert web.access(limited["key"]) is None


def test_a_key_that_has_expired_already_is_not_made(web):
    body = {"user_id": user(web)["id"], "name": "обмен", "expires_at": "2020-01-01T00:00:00Z"}
    problem(web.post("/v1/api-keys", body), 422, "expiry-passed")
    problem(web.post("/v1/api-keys", {**body, "expires_at": "2099-01-01T00:00:00"}), 422, "invalid")


def test_a_rotated_key_opens_by_both_secrets_for_a_while(web, monkeypatch):
    first = key(web, user(web)["id"])
    second = made(web.post(f"/v1/api-keys/{first['id']}/rotate", version=1))
    assert first["key"].startswith(f"{first['prefix']}_")
    assert second["key"].startswith(f"{first['prefix']}_")
    assert second["key"] != first["key"]
    assert [web.get("/v1/clients", key=one["key"]).status_code for one in (first, second)] == [200, 200]
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert web.access(first["key"]) is None
    assert web.access(second["key"]) is not None
    monkeypatch.undo()
    made(web.post(f"/v1/api-keys/{first['id']}/revoke", version=2))
    assert [web.get("/v1/clients", key=one["key"]).status_code for one in (first, second)] == [401, 401]
    problem(web.post(f"/v1/api-keys/{first['id']}/rotate", version=3), 409, "key-inactive")


def test_the_last_use_is_noted_and_not_with_every_request(web):
    mine = key(web, user(web)["id"])
    assert mine["last_used_at"] is None
    for _ in range(5):
        assert web.get("/v1/clients", key=mine["key"]).status_code == 200
    assert [e.key_id for e in web.system.events("gateway", "ApiKeyUsed")].count(mine["id"]) == 1
    seen = web.get(f"/v1/api-keys/{mine['id']}").get_json()
    assert seen["last_used_at"] is not None
    assert seen["version"] == mine["version"]


def test_who_is_known_is_looked_up_once(web, monkeypatch):
    mine = key(web, user(web)["id"])
    web.get("/v1/clients", key=mine["key"])
    web.get("/v1/clients", key=mine["key"])
    lookups = []
    monkeypatch.setattr(web.access, "_find", lambda *asked: lookups.append(asked))
    assert web.get("/v1/clients", key=mine["key"]).status_code == 200
    assert lookups == []


def test_no_more_callers_are_held_than_there_is_room(web, monkeypatch):
    monkeypatch.setattr(gateway_access, "HELD", 2)
    keys = [key(web, user(web)["id"])["key"] for _ in range(4)]
    for _ in range(2):
        assert [web.get("/v1/clients", key=one).status_code for one in keys] == [200] * 4
    assert len(web.access._held) <= 2


def test_a_role_that_is_narrowed_is_felt_at_once(web):
    own = role(web, "clients.read", "deals.read")
    mine = key(web, user(web, own["id"])["id"])["key"]
    assert web.get("/v1/deals", key=mine).status_code == 200
    made(web.send("PUT", f"/v1/roles/{own['id']}", json={"name": "Уже", "permissions": ["clients.read"]}, version=1))
    problem(web.get("/v1/deals", key=mine), 403, "forbidden")
    assert web.get("/v1/clients", key=mine).status_code == 200


@pytest.mark.parametrize(
    ("scope", "whose"), [("own", {"me"}), ("team", {"me", "mate"}), ("all", None)], ids=["own", "team", "all"]
)
def test_rows_are_those_of_the_role(web, scope, whose):
    own = role(web, "clients.read", rows=scope, masked=["phone"])
    me, mate, other = user(web, own["id"]), user(web), user(web)
    made(web.post("/v1/teams", {"name": "Зал", "members": [me["id"], mate["id"]]}))
    made(web.post("/v1/teams", {"name": "Склад", "members": [other["id"]]}))
    names = {"me": me["id"], "mate": mate["id"]}
    expected = None if whose is None else frozenset(names[name] for name in whose)
    presented = key(web, me["id"])["key"]
    assert rights_of(web, presented, "clients.read") == Rights(expected, frozenset({"phone"}))


def test_who_leaves_a_team_sees_its_rows_no_more(web):
    me, mate = user(web, "head_of_sales"), user(web)
    team = made(web.post("/v1/teams", {"name": "Зал", "members": [me["id"], mate["id"]]}))
    presented = key(web, me["id"])["key"]
    assert rights_of(web, presented, "deals.read").users == {me["id"], mate["id"]}
    changed = {"name": "Зал", "members": [mate["id"]]}
    made(web.send("PUT", f"/v1/teams/{team['id']}", json=changed, version=1))
    assert rights_of(web, presented, "deals.read").users == {me["id"]}


@pytest.mark.capability("GW-02")
def test_the_rights_of_the_caller_reach_the_service(system):
    seen = {}

    class Listening(Web):
        def call(self, service, method, arguments, context):
            seen[method] = context.rights
            return super().call(service, method, arguments, context)

    web = Listening(system)
    manager, marketer = user(web), user(web, "marketer")
    web.get("/v1/clients", key=key(web, manager["id"])["key"])
    assert seen["list_clients"] == Rights(frozenset({manager["id"]}))
    web.get("/v1/clients", key=key(web, marketer["id"])["key"])
    assert seen["list_clients"] == Rights(None, frozenset({"phone", "email"}))
    web.get("/v1/clients")
    assert seen["list_clients"] == Rights()
    web.get("/v1/documents/none/pdf", key=key(web, user(web)["id"])["key"])
    assert seen["get_document"].users is not None
    web.get("/v1/events", key=web.key_of("integration"))
    assert seen["list_events"] == Rights()


@pytest.mark.parametrize("permission", ["events.read", "webhooks.write"])
def test_streams_go_only_with_the_whole_base(web, permission):
    body = {"id": f"role_{new_id()[-12:]}", "name": "Поток", "permissions": [permission]}
    rows = dict.fromkeys(ROW_RESOURCES, "all")
    for some in ({}, {**rows, "deals": "team"}):
        refused = web.post("/v1/roles", {**body, "rows": some})
        problem(refused, 422, "streams-need-the-whole-base")
    own = made(web.post("/v1/roles", {**body, "rows": rows}))
    narrower = {"name": "Поток", "permissions": [permission], "rows": {**rows, "tasks": "own"}}
    refused = web.send("PUT", f"/v1/roles/{own['id']}", json=narrower, version=1)
    problem(refused, 422, "streams-need-the-whole-base")


def test_roles_of_the_trade_are_listed_and_do_not_change(web):
    own = role(web, "clients.read")
    first = web.get("/v1/roles?limit=3").get_json()
    rest = web.get(f"/v1/roles?limit=500&cursor={first['next']}").get_json()
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert ids == sorted(set(ids))
    assert {"owner", "integration", own["id"]} <= set(ids)
    assert rest["next"] is None
    body = {"name": "Другой", "permissions": []}
    problem(web.send("PUT", "/v1/roles/owner", json=body, version=1), 409, "built-in-role")
    problem(web.post("/v1/roles", {"id": "owner", **body}), 409, "role-exists")
    problem(web.post("/v1/roles", {"id": own["id"], **body}), 409, "role-exists")
    problem(web.post("/v1/roles", {"id": "Роль", **body}), 422, "invalid")
    problem(web.post("/v1/users", {"name": "Никто", "role": "none"}), 422, "unknown-role")


GIVING = ("users.write", "users.read", "roles.write", "teams.write", "api-keys.write", "clients.read")


def test_nobody_gives_more_than_he_has(web):
    who, mine = bearer(web, *GIVING)
    owner = user(web, "owner")
    refused = [
        web.post("/v1/users", {"name": "Ещё", "role": "owner"}, key=mine),
        web.post("/v1/users", {"name": "Ещё", "role": "accountant"}, key=mine),
        web.post(f"/v1/users/{who['id']}/role", {"role": "owner"}, version=1, key=mine),
        web.post(f"/v1/users/{owner['id']}/role", {"role": who["role"]}, version=1, key=mine),
        web.post(f"/v1/users/{owner['id']}/invite", version=1, key=mine),
        web.post(f"/v1/users/{owner['id']}/deactivate", version=1, key=mine),
        web.post("/v1/api-keys", {"user_id": owner["id"], "name": "чужой"}, key=mine),
        web.post("/v1/roles", {"id": "wider", "name": "Шире", "permissions": ["deals.read"]}, key=mine),
    ]
    for answer in refused:
        problem(answer, 403, "more-than-held")
    less = {"id": f"role_{new_id()[-12:]}", "name": "Уже", "permissions": ["clients.read"]}
    made(web.post("/v1/roles", less, key=mine))
    newcomer = made(web.post("/v1/users", {"name": "Ещё", "role": less["id"]}, key=mine))
    made(web.post("/v1/api-keys", {"user_id": newcomer["id"], "name": "его"}, key=mine))


def test_a_key_gives_no_more_than_its_scopes(web):
    owner = user(web, "owner")
    narrow = key(web, owner["id"], scopes=["api-keys.write"])["key"]
    problem(web.post("/v1/api-keys", {"user_id": owner["id"], "name": "весь"}, key=narrow), 403, "more-than-held")
    wide = key(web, owner["id"])
    problem(web.post(f"/v1/api-keys/{wide['id']}/rotate", version=1, key=narrow), 403, "more-than-held")
    same = {"user_id": owner["id"], "name": "такой же", "scopes": ["api-keys.write"]}
    made(web.post("/v1/api-keys", same, key=narrow))


def test_who_sees_less_or_masked_gives_no_more(web):
    _, mine = bearer(web, *GIVING, rows="own", masked=["phone"])
    wider: dict[str, Any] = {"id": "wider", "name": "Шире", "permissions": ["clients.read"]}
    problem(
        web.post("/v1/roles", {**wider, "masked": ["phone"], "rows": {"clients": "all"}}, key=mine),
        403,
        "more-than-held",
    )
    problem(web.post("/v1/roles", wider, key=mine), 403, "more-than-held")
    problem(web.post("/v1/teams", {"name": "Я и вы", "members": []}, key=mine), 403, "more-than-held")


def test_a_team_has_members_that_there_are_and_a_user_few_teams(web):
    problem(web.post("/v1/teams", {"name": "Никто", "members": ["none"]}), 422, "unknown-user")
    problem(web.post("/v1/teams", {"name": "Все", "members": ["u"] * 101}), 422, "invalid")
    me = user(web)
    for number in range(5):
        team = made(web.post("/v1/teams", {"name": f"Команда {number}", "members": [me["id"]]}))
    problem(web.post("/v1/teams", {"name": "Шестая", "members": [me["id"]]}), 409, "too-many-teams")
    made(web.send("PUT", f"/v1/teams/{team['id']}", json={"name": "Пятая", "members": [me["id"]]}, version=1))


def test_an_address_belongs_to_one_active_user(web):
    address = f"{new_id()}@salon.example"
    first = user(web, email=address)
    refused = web.post("/v1/users", {"name": "Двойник", "role": "clerk", "email": address.upper()})
    assert problem(refused, 409, "email-taken")["errors"][0]["field"] == "email"
    made(web.post(f"/v1/users/{first['id']}/deactivate", version=1))
    user(web, email=address)


def test_the_log_of_access_tells_what_was_done_and_by_whom(web):
    who = user(web)
    mine = key(web, who["id"])
    made(web.post(f"/v1/users/{who['id']}/role", {"role": "clerk"}, version=1))
    made(web.post(f"/v1/api-keys/{mine['id']}/revoke", version=1))
    log = web.get("/v1/access-log?sort=-id&limit=20", key=web.key_of("auditor")).get_json()["items"]
    told = [(entry["type"], entry["subject"]) for entry in log]
    wanted = [
        ("ApiKeyRevoked", mine["id"]),
        ("UserRoleChanged", who["id"]),
        ("ApiKeyCreated", mine["id"]),
        ("UserCreated", who["id"]),
    ]
    assert [entry for entry in told if entry in wanted] == wanted
    [changed] = [entry for entry in log if (entry["type"], entry["subject"]) == wanted[1]]
    assert changed["details"] == {"user_id": who["id"], "role_before": "sales_manager", "role_after": "clerk"}
    assert changed["actor"] == web.access(web.key).actor
    assert not any("hash" in name for entry in log for name in entry["details"])
    of_user = web.get("/v1/access-log", query_string={"filter": f"user_id = '{who['id']}'"})
    assert {entry["user_id"] for entry in made(of_user)["items"]} == {who["id"]}

"""Passwords, and the sessions of browsers."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway import passwords
from gateway.domain import attempts
from gateway.domain import session as sessions
from gateway.domain import user as users
from services.kernel import clock
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.gateway.conftest import problem

PASSWORD = "снег идёт с утра"


class Browser:
    """Keeps cookies; writes carry what it was told to send."""

    def __init__(self, web):
        self.web = web
        self.client = web.app.test_client()
        self.token = None

    def send(self, method, path, **request):
        headers = {"Idempotency-Key": new_id(), **request.pop("headers", {})}
        if self.token:
            headers.setdefault("X-CSRF-Token", self.token)
        if (version := request.pop("version", None)) is not None:
            headers["If-Match"] = f'"{version}"'
        answer = self.client.open(path, method=method, headers=headers, **request)
        self.web._is_as_described(method, answer)
        return answer

    def login(self, email, password=PASSWORD, **request):
        body = {"email": email, "password": password}
        answer = self.send("POST", "/v1/sessions", json=body, **request)
        if answer.status_code == 200:
            self.token = answer.get_json()["csrf_token"]
        return answer


@pytest.fixture
def someone(web):
    return member(web)


def member(web, role="sales_manager"):
    """A user who has set a password."""
    email = f"{new_id()}@salon.example"
    user = web.post("/v1/users", {"name": "Белова Анна", "role": role, "email": email}).get_json()
    invited = web.post(f"/v1/users/{user['id']}/invite", version=1).get_json()
    answer = accept(web, invited["invitation"])
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def accept(web, token, password=PASSWORD):
    return web.app.test_client().post("/v1/invitations/accept", json={"token": token, "password": password})


@pytest.fixture
def browser(web, someone):
    browser = Browser(web)
    assert browser.login(someone["email"]).status_code == 200
    return browser


def test_a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(web, someone):
    answer = Browser(web).login(someone["email"].upper())
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert answer.get_json()["user_id"] == someone["id"]
    assert answer.get_json()["csrf_token"] not in cookie
    elsewhere = Browser(web).login(someone["email"], base_url="https://crm.salon.example")
    assert "Secure" in elsewhere.headers["Set-Cookie"].split("; ")


@pytest.mark.capability("GW-06")
def test_a_session_opens_what_its_user_may(browser, someone):
    assert browser.send("GET", "/v1/clients").status_code == 200
    problem(browser.send("GET", "/v1/users"), 403, "forbidden")
    caller = browser.web.access(browser.client.get_cookie("reestr_session").value)
    assert caller.actor == someone["id"]
    assert caller.rights("clients.read") == Rights(frozenset({someone["id"]}))


@pytest.mark.parametrize("token", [None, "", "wrong", "ключ"])
def test_a_write_by_cookie_carries_the_token(browser, token):
    body = {"kind": "legal_entity", "name": f"ООО «{new_id()}»"}
    browser.token, right = None, browser.token
    headers = {} if token is None else {"X-CSRF-Token": token.encode().decode("latin-1")}
    problem(browser.send("POST", "/v1/clients", json=body, headers=headers), 403, "wrong-csrf-token")
    browser.token = right
    assert browser.send("POST", "/v1/clients", json=body).status_code == 201


def test_the_cookie_is_no_key(web, browser):
    cookie = browser.client.get_cookie("reestr_session").value
    problem(web.get("/v1/clients", key=cookie), 401, "unauthorised")
    stranger = web.app.test_client()
    stranger.set_cookie("reestr_session", web.key)
    problem(stranger.get("/v1/clients"), 401, "unauthorised")


def test_a_key_beside_a_cookie_counts_alone(web, browser):
    answer = browser.send("GET", "/v1/users", headers={"Authorization": f"Bearer {web.key}"})
    assert answer.status_code == 200
    problem(browser.send("GET", "/v1/clients", headers={"Authorization": "Bearer x"}), 401, "unauthorised")


def test_one_sees_and_ends_his_own_sessions_only(web, browser, someone):
    second = Browser(web)
    second.login(someone["email"])
    other = Browser(web)
    other.login(member(web)["email"])
    [theirs] = other.send("GET", "/v1/sessions").get_json()["items"]
    mine = browser.send("GET", "/v1/sessions").get_json()["items"]
    assert len(mine) == 2
    assert {one["user_id"] for one in mine} == {someone["id"]}
    assert all("csrf_token" not in one for one in mine)
    problem(browser.send("GET", f"/v1/sessions/{theirs['id']}"), 404, "not-found")
    problem(browser.send("POST", f"/v1/sessions/{theirs['id']}/end", json={}, version=1), 404, "not-found")
    ids = {one["id"] for one in mine}
    me = browser.web.access(browser.client.get_cookie("reestr_session").value).principal
    assert browser.send("GET", f"/v1/sessions/{me}").get_json()["csrf_token"] == browser.token
    [its] = ids - {me}
    assert "csrf_token" not in browser.send("GET", f"/v1/sessions/{its}").get_json()
    assert browser.send("POST", f"/v1/sessions/{its}/end", json={}, version=1).status_code == 200
    problem(second.send("GET", "/v1/clients"), 401, "unauthorised")
    ended = browser.send("POST", f"/v1/sessions/{me}/end", json={}, version=1)
    assert "reestr_session=;" in ended.headers["Set-Cookie"]
    assert browser.client.get_cookie("reestr_session") is None


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_session_ends_when_it_is_not_used_and_in_any_case(web, browser, monkeypatch):
    cookie = browser.client.get_cookie("reestr_session").value
    began = clock.now()
    at(monkeypatch, began + timedelta(hours=2, seconds=1))
    assert web.access(cookie) is None
    monkeypatch.undo()
    used = began
    while used < began + timedelta(hours=23):
        used += timedelta(hours=1)
        at(monkeypatch, used)
        assert web.access(cookie) is not None, used - began
    at(monkeypatch, began + timedelta(hours=24, seconds=1))
    assert web.access(cookie) is None


def test_a_new_password_ends_all_sessions(web, browser, someone):
    wrong = {"current_password": "не тот пароль", "new_password": "дождь идёт с утра"}
    refused = problem(browser.send("POST", "/v1/password", json=wrong), 422, "wrong-password")
    assert refused["errors"][0]["field"] == "current_password"
    assert browser.send("GET", "/v1/clients").status_code == 200
    right = {**wrong, "current_password": PASSWORD}
    assert browser.send("POST", "/v1/password", json=right).status_code == 200
    problem(browser.send("GET", "/v1/clients"), 401, "unauthorised")
    problem(Browser(web).login(someone["email"]), 401, "wrong-login")
    assert Browser(web).login(someone["email"], "дождь идёт с утра").status_code == 200


def test_a_deactivated_user_is_out_at_once(web, browser, someone):
    assert web.post(f"/v1/users/{someone['id']}/deactivate", version=someone["version"]).status_code == 200
    problem(browser.send("GET", "/v1/clients"), 401, "unauthorised")
    problem(Browser(web).login(someone["email"]), 401, "wrong-login")


def test_an_invitation_is_used_once_and_replaced_by_the_next(web):
    email = f"{new_id()}@salon.example"
    user = web.post("/v1/users", {"name": "Новый", "role": "clerk", "email": email}).get_json()
    first, second = (web.post(f"/v1/users/{user['id']}/invite", version=version).get_json() for version in (1, 2))
    assert second["invited_until"] is not None
    problem(accept(web, first["invitation"]), 410, "invitation-over")
    problem(accept(web, second["invitation"], "коротко"), 422, "invalid")
    problem(accept(web, second["invitation"][:-1]), 410, "invitation-over")
    problem(accept(web, "ri_none_none"), 410, "invitation-over")
    problem(accept(web, "nonsense"), 410, "invitation-over")
    set_now = accept(web, second["invitation"]).get_json()
    assert (set_now["invited_until"], set_now["password_set_at"] is None) == (None, False)
    problem(accept(web, second["invitation"]), 410, "invitation-over")


def test_an_invitation_ends(web, monkeypatch):
    email = f"{new_id()}@salon.example"
    user = web.post("/v1/users", {"name": "Новый", "role": "clerk", "email": email}).get_json()
    token = web.post(f"/v1/users/{user['id']}/invite", version=1).get_json()["invitation"]

    monkeypatch.setattr(users, "INVITATION_LASTS", timedelta(0))
    token = web.post(f"/v1/users/{user['id']}/invite", version=2).get_json()["invitation"]
    problem(accept(web, token), 410, "invitation-over")


def test_who_has_no_address_gets_no_login(web):
    user = web.post("/v1/users", {"name": "Робот", "role": "integration"}).get_json()
    problem(web.post(f"/v1/users/{user['id']}/invite", version=1), 409, "no-login")


def test_after_five_failures_nobody_may_try_not_even_with_the_password(web, someone):
    stranger = Browser(web)
    for _ in range(5):
        problem(stranger.login(someone["email"], "наугад"), 401, "wrong-login")
    refused = stranger.login(someone["email"])
    problem(refused, 429, "too-many-attempts")
    assert 30 < int(refused.headers["Retry-After"]) <= 60
    [locked] = [e for e in web.system.events("gateway", "UserLockedOut") if e.user_id == someone["id"]]
    assert timedelta(seconds=30) < locked.until - clock.now() <= timedelta(minutes=1)


def test_an_unknown_user_is_answered_and_locked_like_a_known_one(web, someone, monkeypatch):
    compared = []

    def never(kept, given):
        compared.append(kept)
        return False

    monkeypatch.setattr(passwords, "_is", never)
    nobody = f"{new_id()}@salon.example"
    known, unknown = ([Browser(web).login(email, "наугад") for _ in range(6)] for email in (someone["email"], nobody))
    assert [told(answer) for answer in known] == [told(answer) for answer in unknown]
    assert [a.status_code for a in known] == [401] * 5 + [429]
    assert len(compared) == 10
    assert all(kept.startswith("$argon2id$") for kept in compared)


def told(answer):
    """All of a refusal but the id of its request."""
    return {name: value for name, value in answer.get_json().items() if name != "request_id"}


def test_a_success_forgives_the_failures_before_it(web, someone):
    for _ in range(2):
        for _ in range(4):
            problem(Browser(web).login(someone["email"], "наугад"), 401, "wrong-login")
        assert Browser(web).login(someone["email"]).status_code == 200


def test_an_address_that_fails_for_many_is_locked_out(web, someone, monkeypatch):
    monkeypatch.setattr(passwords, "_is", lambda kept, given: False)

    monkeypatch.setattr(attempts, "FAILURES_OF_AN_ADDRESS", 3)
    far = {"environ_base": {"REMOTE_ADDR": "10.1.2.3"}, "headers": {"X-Forwarded-For": "1.1.1.1, 198.51.100.9"}}
    for _ in range(3):
        problem(Browser(web).login(f"{new_id()}@salon.example", "наугад", **far), 401, "wrong-login")
    problem(Browser(web).login(someone["email"], **far), 429, "too-many-attempts")
    near = {"environ_base": {"REMOTE_ADDR": "77.88.8.8"}, "headers": {"X-Forwarded-For": "198.51.100.9"}}
    problem(Browser(web).login(someone["email"], "наугад", **near), 401, "wrong-login")


def test_what_is_personal_of_a_login_is_sealed_and_no_password_is_kept(web, someone):
    secret = f"тайна {new_id()}"
    Browser(web).login(someone["email"], secret, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    store = Path(web.system.runtimes["gateway"].store.database.url.database)
    kept = b"".join(file.read_bytes() for file in store.parent.glob("events.db*"))
    for word in (secret, PASSWORD, someone["email"], "203.0.113.77", "$argon2id$"):
        assert word.encode() not in kept, word
    log = web.get("/v1/access-log", query_string={"filter": f"user_id = '{someone['id']}'"}).get_json()["items"]
    assert [entry["address"] for entry in log if entry["type"] == "LoginFailed"] == ["203.0.113.77"]


def test_passwords_are_argon2id_and_compared_as_such():
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert passwords.verified(kept, PASSWORD)
    assert not passwords.verified(kept, PASSWORD + "!")
    assert not passwords.verified(None, PASSWORD)
    assert not passwords.verified("nonsense", PASSWORD)


def test_only_so_many_hashes_are_made_at_a_time(monkeypatch):
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.01)
    with passwords._seats, passwords._seats, pytest.raises(passwords.TooManyLogins):
        passwords.hashed(PASSWORD)
    assert passwords.hashed(PASSWORD)


def test_the_token_of_a_session_does_not_tell_its_cookie():
    assert sessions.csrf_token("rs_1_secret") != sessions.csrf_token("rs_1_other")
    assert "secret" not in sessions.csrf_token("rs_1_secret")

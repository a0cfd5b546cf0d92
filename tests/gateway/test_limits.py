import re

import pytest

from gateway.edge import Edge
from gateway.limits import Limits, Policy, Windows
from services.kernel.config import read_settings
from tests.gateway.conftest import Web, problem

QUOTA = 3


@pytest.fixture
def limited(system):
    """Three requests an hour for each key and each address."""
    return limited_web(system)


def limited_web(system, unlimited=frozenset()):
    return Web(system, Edge(Limits(Policy("key", QUOTA, 3600), Policy("address", QUOTA, 3600), unlimited)))


def anybody(web, path="/v1/clients", **headers):
    return web.app.test_client().get(path, headers=headers)


def test_every_answer_says_what_is_left_and_one_too_many_is_refused(limited):
    answers = [limited.get("/v1/clients") for _ in range(QUOTA)]
    assert [answer.status_code for answer in answers] == [200] * QUOTA
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"key";q=3;w=3600'}
    assert [answer.headers["RateLimit"][:9] for answer in answers] == ['"key";r=2', '"key";r=1', '"key";r=0']
    refused = limited.get("/v1/clients")
    problem(refused, 429, "too-many-requests")
    left = re.fullmatch(r'"key";r=0;t=(\d+)', refused.headers["RateLimit"])
    assert left
    assert refused.headers["Retry-After"] == left[1]
    assert 3500 < int(left[1]) <= 3600


def test_a_write_that_was_refused_for_the_limit_was_not_carried_out(limited):
    for _ in range(QUOTA):
        limited.get("/v1/clients")
    head = limited.system.runtimes["clients"].store.head()
    problem(limited.post("/v1/clients", {"kind": "individual", "name": "Лишний"}), 429, "too-many-requests")
    assert limited.system.runtimes["clients"].store.head() == head


def test_one_key_is_not_limited_by_another(limited):
    for _ in range(QUOTA + 1):
        limited.get("/v1/clients")
    assert limited.get("/v1/clients", key=limited.key_of("owner")).status_code == 200


def test_a_key_named_as_unlimited_is_never_refused(system, limited):
    web = limited_web(system, frozenset({limited.key.split("_")[1]}))
    answers = [web.get("/v1/clients", key=limited.key) for _ in range(QUOTA + 2)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/clients", {}),
        ("/v1/clients", {"Authorization": "Bearer rk_guess_work"}),
        ("/v1/clients", {"Authorization": "Basic guess"}),
        ("/v1/clients", {"Cookie": "reestr_session=rs_guess_work"}),
        ("/v1/nothing", {"Authorization": "Bearer rk_guess_work"}),
        ("/openapi.json", {"Authorization": "Bearer rk_guess_work"}),
        ("/v1/event-types", {}),
    ],
)
def test_who_is_not_known_is_limited_by_his_address(limited, path, headers):
    answers = [anybody(limited, path, **headers) for _ in range(QUOTA + 1)]
    assert 429 not in {answer.status_code for answer in answers[:QUOTA]}
    problem(answers[QUOTA], 429, "too-many-requests")
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=3;w=3600'
    assert limited.get("/v1/clients").status_code == 200


def test_logging_in_is_limited_by_address_whatever_is_sent_along(limited):
    logins = [
        limited.app.test_client().post("/v1/sessions", json={}, headers={"Authorization": "Bearer any"})
        for _ in range(QUOTA + 1)
    ]
    problem(logins[QUOTA], 429, "too-many-requests")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_health_and_metrics_are_always_told(limited, path):
    assert {anybody(limited, path).status_code for _ in range(QUOTA + 2)} == {200}


def test_behind_a_proxy_the_address_is_the_one_it_names(system):
    web = Web(system, Edge(Limits(None, Policy("address", 1, 3600), frozenset()), proxies=1))
    first, second, other = (
        anybody(web, **{"X-Forwarded-For": f"6.6.6.6, {address}"}) for address in ("1.1.1.1", "1.1.1.1", "2.2.2.2")
    )
    assert [answer.status_code for answer in (first, second, other)] == [401, 429, 401]


def test_without_a_proxy_nobody_chooses_his_address(limited):
    answers = [anybody(limited, **{"X-Forwarded-For": f"1.1.1.{number}"}) for number in range(QUOTA + 1)]
    assert answers[-1].status_code == 429


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_window_begins_with_its_first_request_and_ends_in_time():
    clock = Clock()
    windows = Windows(Policy("key", 2, 60), clock=clock)
    assert [windows.count("a").left for _ in range(3)] == [1, 0, -1]
    clock.now += 59.5
    late = windows.count("a")
    assert (late.left, late.seconds) == (-2, 1)
    clock.now += 0.5
    again = windows.count("a")
    assert (again.left, again.seconds) == (1, 60)


def test_of_too_many_names_the_oldest_window_is_forgotten():
    windows = Windows(Policy("key", 2, 60), most=100)
    for number in range(1000):
        windows.count(str(number))
    assert len(windows._began) == 100
    assert windows.count("999").left == 0
    assert windows.count("0").left == 1


@pytest.mark.parametrize("text", ["on", "10", "10/", "/60", "0/60", "10/0", "10/3601", "-1/60", "a/b"])
def test_a_rate_is_requests_in_seconds(text):
    with pytest.raises(Exception, match="GATEWAY_RATE_LIMIT"):
        read_settings({"GATEWAY_RATE_LIMIT": text})


def test_refusals_for_the_limit_speak_both_languages(limited):
    for _ in range(QUOTA + 1):
        refused = limited.get("/v1/clients", headers={"Accept-Language": "en"})
    assert refused.get_json()["detail"] == "Too many requests: more than 3 in 3600 s"

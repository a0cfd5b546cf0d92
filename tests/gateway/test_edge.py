"""What is the same for every answer."""

import gzip
import json

import pytest

from gateway.compression import LEAST
from gateway.edge import Edge
from gateway.routes import ROUTES
from services.kernel.config import ConfigurationError, read_settings
from services.kernel.ids import new_id
from tests.gateway.conftest import Web, problem

OURS = "https://crm.salon-ps.example"


@pytest.fixture(scope="module")
def shared(system):
    return Web(system, Edge(origins=frozenset({OURS})))


def many(web):
    """A list long enough to be worth compressing."""
    for number in range(5):
        web.post("/v1/clients", {"kind": "legal_entity", "name": f"ООО «Длинное имя {number} {new_id()}»"})
    return "/v1/clients?limit=5"


def asked(web, method, path, **headers):
    return web.app.test_client().open(path, method=method, headers=headers)


def test_a_long_answer_is_compressed_for_whoever_takes_gzip(web):
    path = many(web)
    plain = web.get(path)
    small = asked(web, "GET", path, **bearer(web), **{"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data)
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, small))


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_who_takes_no_gzip_gets_none(web, accepted):
    assert "Content-Encoding" not in web.get(many(web), headers={"Accept-Encoding": accepted}).headers


def test_a_short_answer_is_left_as_it_is(web):
    answer = web.get("/v1/clients/none", headers={"Accept-Encoding": "gzip"})
    assert len(answer.data) < LEAST
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "gzip, gzip", "br"])
def test_a_compressed_request_is_refused_before_anything_is_unpacked(web, encoding):
    body = gzip.compress(json.dumps({"kind": "individual", "name": "я" * 10_000_000}).encode())
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    refused = web.send("POST", "/v1/clients", data=body, headers=headers)
    problem(refused, 415, "unsupported-content-encoding")
    assert refused.headers["Accept-Encoding"] == "identity"


def test_the_callers_request_id_is_told_again_and_kept_with_what_follows(web):
    id = f"crm-{new_id()}"
    made = web.post("/v1/clients", {"kind": "individual", "name": "Кравцов"}, headers={"Request-Id": id})
    assert made.headers["Request-Id"] == id
    [recorded] = web.system.runtimes["clients"].store.read_after(
        web.system.runtimes["clients"].store.head().position - 1, 1
    )
    assert recorded.correlation_id == id
    assert recorded.causation_id != id


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "ivanov@mail.example", "имя-имя-имя", "a b c d e f g"])
def test_another_request_id_is_replaced(web, given):
    told = web.get("/v1/clients", headers={"Request-Id": given.encode().decode("latin-1")}).headers["Request-Id"]
    assert told != given
    assert len(told) == 36


def test_a_problem_names_its_request_too(web):
    for answer in (web.get("/v1/nothing"), web.get("/v1/clients/none"), asked(web, "GET", "/v1/clients")):
        assert answer.get_json()["request_id"] == answer.headers["Request-Id"]


def test_no_answer_is_kept_sniffed_framed_or_run(web):
    for answer in (web.get("/v1/clients"), web.get("/v1/nothing"), asked(web, "GET", "/health/live")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES if route.method == "GET"}))
def test_head_answers_as_get_does_without_a_body(web, path):
    path = path.replace("{", "").replace("}", "")
    asked_for, headed = (web.app.test_client().open(path, method=m, headers=bearer(web)) for m in ("GET", "HEAD"))
    assert (headed.status_code, headed.content_type) == (asked_for.status_code, asked_for.content_type)
    assert headed.data == b""
    asked_for.close()


def bearer(web):
    return {"Authorization": f"Bearer {web.key}"}


def test_options_tell_the_methods_and_need_no_key(web):
    answer = asked(web, "OPTIONS", "/v1/clients")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/openapi.json", "/asyncapi.json", "/v1/event-types", "/docs"])
def test_what_seldom_changes_is_sent_only_when_it_has(web, path):
    first = asked(web, "GET", path)
    again = asked(web, "GET", path, **{"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert asked(web, "GET", path, **{"If-None-Match": '"other"'}).status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"


def test_a_page_of_a_named_origin_may_ask_and_read_the_headers(shared):
    answer = shared.get("/v1/clients", headers={"Origin": OURS})
    assert answer.headers["Access-Control-Allow-Origin"] == OURS
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed >= {"ETag", "Location", "Reestr-Position", "RateLimit", "RateLimit-Policy", "Request-Id"}
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert asked(shared, "GET", "/v1/clients", Origin=OURS).headers["Access-Control-Allow-Origin"] == OURS


def test_before_it_asks_it_is_told_what_it_may_send(shared):
    told = asked(shared, "OPTIONS", "/v1/clients/c-1", Origin=OURS, **{"Access-Control-Request-Method": "PATCH"})
    assert (told.status_code, told.data) == (204, b"")
    assert "PATCH" in told.headers["Access-Control-Allow-Methods"].split(", ")
    taken = set(told.headers["Access-Control-Allow-Headers"].split(", "))
    assert taken >= {"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID"}
    assert told.headers["Access-Control-Allow-Origin"] == OURS


@pytest.mark.parametrize(
    "origin", ["https://evil.example", OURS + ".evil.example", "null", OURS.replace("https", "http")]
)
def test_another_origin_is_told_nothing(shared, origin):
    for method in ("GET", "OPTIONS"):
        answer = asked(shared, method, "/v1/clients", Origin=origin, **{"Access-Control-Request-Method": "GET"})
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_unless_it_is_configured_no_origin_is_let_in(web):
    answer = asked(web, "OPTIONS", "/v1/clients", Origin=OURS, **{"Access-Control-Request-Method": "GET"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_with_a_star_every_origin_may_ask(system):
    web = Web(system, Edge(origins=frozenset({"*"})))
    assert asked(web, "GET", "/v1/clients", Origin=OURS).headers["Access-Control-Allow-Origin"] == OURS


@pytest.mark.parametrize("origins", ["crm.example.ru", "https://crm.example.ru/", "https://*.example.ru", "null"])
def test_an_origin_has_a_scheme_a_host_and_no_path(origins):
    with pytest.raises(ConfigurationError, match="GATEWAY_CORS_ORIGINS"):
        read_settings({"GATEWAY_CORS_ORIGINS": origins})


def test_a_long_list_of_errors_is_cut(web):
    lines = [{"name": "", "quantity": "1", "price": "1.00"}] * 150
    body = {"client_id": "c-1", "title": "Кухня", "lines": lines}
    assert len(problem(web.post("/v1/deals", body), 422, "invalid")["errors"]) == 100

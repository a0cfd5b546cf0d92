import re
from base64 import b64encode
from hashlib import sha256

import pytest


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/health/live", "application/json"),
        ("/health/ready", "application/json"),
        ("/metrics", "text/plain; version=1.0.0; charset=utf-8"),
        ("/openapi.json", "application/json"),
        ("/asyncapi.json", "application/json"),
        ("/v1/event-types", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
    ],
)
def test_what_is_open_to_everybody_needs_no_key(web, path, content_type):
    answer = web.app.test_client().get(path)
    assert (answer.status_code, answer.content_type) == (200, content_type)


def test_the_system_is_ready_when_every_service_is(web, monkeypatch):
    assert web.app.test_client().get("/health/ready").get_json() == {"status": "ready", "services": {"gateway": True}}
    web.ready = {"gateway": True, "deals": False}
    late = web.app.test_client().get("/health/ready")
    assert (late.status_code, late.get_json()["status"]) == (503, "starting")


def test_requests_are_counted_by_route_and_never_by_address(web):
    web.get("/v1/clients/some-id")
    counted = web.app.test_client().get("/metrics").get_data(as_text=True)
    assert 'reestr_http_requests_total{method="GET",route="/v1/clients/<client_id>",status="404"}' in counted
    assert "some-id" not in counted


def test_the_docs_need_no_other_host(web):
    page = web.app.test_client().get("/docs").get_data(as_text=True)
    assert "http://" not in page
    assert "https://" not in page


def test_the_docs_run_what_is_written_in_them_and_nothing_else(web):
    answer = web.app.test_client().get("/docs")
    page, policy = answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]
    for tag in ("script", "style"):
        [inside] = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src 'self';" in policy
    assert not re.search(r" (on\w+|style)=", page.partition("<script>")[0])

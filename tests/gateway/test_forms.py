"""Forms on sites: from their own pages only, the same answer whoever sends, once however often."""

import json
from typing import Any

import pytest

from gateway.edge import Edge
from gateway.limits import FormLimits, Policy
from services.kernel.ids import new_id
from tests.gateway.conftest import Web, problem

SITE = "https://salon-ps.example"
SENT = {"name": "Лосева Мария", "phone": "8 916 123-45-68", "Площадь": "12 м²", "consent": "on", "utm_source": "yandex"}
ASKS = [{"name": "name"}, {"name": "phone", "required": True}, {"name": "email"}, {"name": "Площадь"}]
AGREED = {"purpose": "marketing", "channels": ["phone", "sms"], "text_version": "2026-01"}


@pytest.fixture(scope="module", name="site")
def _site(web: Web) -> Web:
    web.system.do("clients", "install_defaults", {})
    return web


def form(web: Web, **fields: Any) -> Any:
    body = {"title": "Заявка", "source": "search_ads", "asks": ASKS, "origins": [SITE], "consent": AGREED, **fields}
    made = web.post("/v1/lead-forms", body)
    assert made.status_code == 201, made.get_json()
    return made.get_json()


def send(web: Web, made: Any, values: Any, **headers: str) -> Any:
    """As a browser sends a form, without a key of the API."""
    return web.app.test_client().post(f"/forms/{made['token']}", data=values, headers={"Origin": SITE, **headers})


def leads(web: Web, made: Any) -> list[Any]:
    clients = web.system.runtimes["clients"]
    assert clients.projections.wait("clients", clients.store.head().position, 10)
    found: list[Any] = web.get("/v1/leads", query_string={"form_id": made["id"], "sort": "captured_at"}).get_json()[
        "items"
    ]
    return found


@pytest.mark.capability("CL-51")
def test_what_a_browser_sends_is_a_lead_with_its_source_its_marks_and_its_consent(site):
    made = form(site, redirect=f"{SITE}/thanks")
    answer = send(site, made, {**SENT, "unasked": "x"}, Referer=f"{SITE}/kitchens")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{SITE}/thanks")
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    [lead] = leads(site, made)
    assert (lead["source"], lead["action"], lead["name"], lead["utm"]) == (
        "search_ads",
        "form",
        "Лосева Мария",
        {"source": "yandex"},
    )
    assert lead["phones"][0]["number"] == "+79161234568"
    assert (lead["answers"], lead["page"]) == ({"Площадь": "12 м²"}, f"{SITE}/kitchens")
    assert [(one["channel"], one["text_version"]) for one in lead["consents"]] == [
        ("phone", "2026-01"),
        ("sms", "2026-01"),
    ]
    by_call = {"source": "recommendation", "action": "visit", "name": "Лосева"}
    assert site.post("/v1/leads", by_call).get_json()["source"] == "recommendation"


def test_a_script_sends_json_and_a_browser_without_a_way_on_is_thanked(site):
    made = form(site)
    answer = site.app.test_client().post(
        f"/forms/{made['token']}", json={**SENT, "consent": True, "Площадь": 12}, headers={"Origin": SITE}
    )
    assert (answer.status_code, answer.get_json()) == (201, {"status": "accepted"})
    thanked = send(site, made, {**SENT, "name": "Другая"})
    assert (thanked.status_code, thanked.mimetype) == (201, "text/html")
    assert [lead["answers"] for lead in leads(site, made)] == [{"Площадь": "12"}, {"Площадь": "12 м²"}]


def test_whether_a_client_is_known_is_not_told(site):
    phone = "+7 916 765-43-21"
    site.post("/v1/clients", {"kind": "individual", "name": new_id(), "phones": [phone]})
    made = form(site)
    known, unknown = (send(site, made, {**SENT, "phone": one}) for one in (phone, "+7 916 765-43-22"))
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert len(leads(site, made)[0]["known_client_ids"]) == 1


def test_what_is_sent_twice_is_one_lead(site):
    made = form(site)
    for _ in range(2):
        assert send(site, made, SENT).status_code == 201
    for name in ("Одна", "Другая"):
        assert send(site, made, {**SENT, "name": name, "submission_key": "k-1"}).status_code == 201
    assert [lead["name"] for lead in leads(site, made)] == ["Лосева Мария", "Одна"]


def test_what_fills_in_the_trap_is_thanked_and_forgotten(site):
    made = form(site)
    honest, trapped = send(site, made, SENT), send(site, made, {**SENT, "name": "Бот", "website": "spam"})
    assert (honest.status_code, honest.data) == (trapped.status_code, trapped.data)
    assert [lead["name"] for lead in leads(site, made)] == ["Лосева Мария"]


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"phone": ""}, "phone", "required"),
        ({"consent": ""}, "consent", "required"),
        ({"email": "wqdqdas@sfgsr wert"}, "email", "wrong-email"),
        ({"name": "я" * 301}, "name", "too-long"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_to_the_page(site, values, field, code):
    made = form(site)
    answer = send(site, made, {**SENT, **values})
    told = problem(answer, 422, "invalid")
    assert (told["errors"][0]["field"], told["errors"][0]["code"]) == (field, code)
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert leads(site, made) == []


def test_pages_of_other_sites_and_forms_that_are_closed_are_refused(site):
    made = form(site)
    refused = send(site, made, SENT, Origin="https://other.example")
    problem(refused, 403, "origin-not-allowed")
    assert "Access-Control-Allow-Origin" not in refused.headers
    problem(send(site, {"token": "nothing"}, SENT), 404, "not-found")
    site.patch(f"/v1/lead-forms/{made['id']}", {"active": False}, version=1)
    problem(send(site, made, SENT), 404, "not-found")
    assert leads(site, made) == []


def test_a_browser_that_asks_first_is_told_for_the_forms_own_pages_only(site):
    made = form(site)
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    ask = site.app.test_client().options
    told = ask(f"/forms/{made['token']}", headers={"Origin": SITE, **asked})
    assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (204, SITE)
    assert "Content-Type" in told.headers["Access-Control-Allow-Headers"]
    refused = ask(f"/forms/{made['token']}", headers={"Origin": "https://other.example", **asked})
    assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (403, False)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (json.dumps({"name": "x" * 70_000}).encode(), "application/json", 413),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"phone": ["1"]}', "application/json", 422),
        (b"phone=1", "text/plain", 415),
    ],
)
def test_a_body_that_is_too_large_or_of_another_kind_is_refused(site, body, kind, status):
    made = form(site)
    answer = site.app.test_client().post(
        f"/forms/{made['token']}", data=body, content_type=kind, headers={"Origin": SITE}
    )
    assert answer.status_code == status
    assert leads(site, made) == []


def test_an_address_and_a_form_take_in_only_so_much(site):
    made, other = form(site), form(site)
    by_address = Web(site.system, Edge(forms=FormLimits(Policy("form-address", 2, 3600), None)))
    sent = [send(by_address, made, {**SENT, "name": str(number)}).status_code for number in range(3)]
    assert sent == [201, 201, 429]
    by_form = Web(site.system, Edge(forms=FormLimits(None, Policy("form", 1, 3600))))
    assert send(by_form, made, {**SENT, "name": "раз"}).status_code == 201
    refused = send(by_form, made, {**SENT, "name": "два"})
    problem(refused, 429, "too-many-requests")
    assert refused.headers["Retry-After"]
    assert send(by_form, other, SENT).status_code == 201

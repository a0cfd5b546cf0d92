"""Lists over HTTP: filtered, sorted, sparse, refused in the caller's language, and described."""

import re

import pytest

from gateway.listing import example
from gateway.routes import ROUTES
from services.kernel.ids import new_id
from services.kernel.lists.filters import read_filter
from tests.gateway.conftest import Web, problem
from tests.system import SERVICES

RESOURCES = {
    (service.name, call): query.resource
    for service in SERVICES
    for call, query in service.queries.items()
    if query.many and query.resource
}
LISTS = [route for route in ROUTES if route.kind == "list" and (route.service, route.call) in RESOURCES]


@pytest.fixture(scope="module")
def city(web: Web) -> str:
    """The city of three clients of whom two are alike."""
    city = f"Город {new_id()}"
    for name in ("ООО «Ёлка»", "ООО «Жук»", "ООО «Ежи»"):
        web.post("/v1/clients", {"kind": "legal_entity", "name": f"{name} {new_id()}", "city": city})
    return city


def names(web: Web, **query: str) -> list[str]:
    answer = web.get("/v1/clients", query_string=query)
    assert answer.status_code == 200, answer.get_json()
    return [item["name"].split()[1] for item in answer.get_json()["items"]]


def test_a_list_is_filtered_and_sorted(web, city):
    asked = f'city = "{city}"'
    assert names(web, filter=asked, sort="name") == ["«Ежи»", "«Ёлка»", "«Жук»"]
    assert names(web, filter=asked, sort="-name") == ["«Жук»", "«Ёлка»", "«Ежи»"]
    assert names(web, filter=f'{asked} AND NOT name : "жук"', sort="name") == ["«Ежи»", "«Ёлка»"]
    assert names(web, filter=f'{asked} AND name = "ооо е*"', sort="name") == ["«Ежи»", "«Ёлка»"]


def test_pages_go_on_where_they_ended(web, city):
    query = {"filter": f'city = "{city}"', "sort": "-name", "limit": "1"}
    found, page = [], web.get("/v1/clients", query_string=query).get_json()
    while page["next"]:
        found += [item["name"].split()[1] for item in page["items"]]
        page = web.get("/v1/clients", query_string={**query, "cursor": page["next"]}).get_json()
    assert found == ["«Жук»", "«Ёлка»"]
    assert [item["name"].split()[1] for item in page["items"]] == ["«Ежи»"]


def test_sparse_answers_hold_what_was_asked_for(web, city):
    answer = web.get("/v1/clients", query_string={"filter": f'city = "{city}"', "fields": "name,manager_id"})
    assert [item.keys() for item in answer.get_json()["items"]] == [{"id", "version", "name", "manager_id"}] * 3


@pytest.mark.parametrize(
    ("query", "field", "code", "ru", "en"),
    [
        ({"filter": "name ="}, "filter", "wrong-filter", "Знак 7", "Character 7"),
        ({"filter": "colour = red"}, "filter", "unknown-filter-field", "есть: id", "there are: id"),
        ({"filter": "created_at = вчера"}, "filter", "wrong-filter-value", "Знак 14", "Character 14"),
        ({"sort": "phones"}, "sort", "unknown-sort-field", "возможны", "there are"),
        ({"fields": "id,colour"}, "fields", "unknown-field", "colour", "colour"),
        ({"cursor": "xyz"}, "cursor", "wrong-cursor", "Курсор", "cursor"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_both_languages(web, query, field, code, ru, en):
    for language, said in (("ru", ru), ("en", en)):
        answer = web.get("/v1/clients", query_string=query, headers={"Accept-Language": language})
        [error] = problem(answer, 422, "invalid")["errors"]
        assert (error["field"], error["code"]) == (field, code)
        assert said in error["detail"]


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.call)
def test_every_list_describes_what_can_be_asked_of_it(web, route):
    resource = RESOURCES[route.service, route.call]
    parameters = web.openapi["paths"][route.path]["get"]["parameters"]
    told = {one["name"]: one for one in parameters if one.get("in") == "query"}
    for name, field in resource.by_name.items():
        assert (f"`{name}`" in told["filter"]["description"]) is field.filterable
        assert bool(re.fullmatch(told["sort"]["schema"]["pattern"], f"-{name}")) is field.sortable
        assert re.fullmatch(told["fields"]["schema"]["pattern"], f"{name},{name}") or len(resource.by_name) == 1
    read_filter(told["filter"]["example"], resource.by_name)
    assert told["filter"]["example"] == example(resource.describe()["filter"])

"""The table of routes against what the services can do."""

import re
from collections import Counter

import marshmallow as ma
import pytest

from gateway import rights
from gateway.routes import ROUTES
from gateway.routing import OPEN, SELF
from gateway.subscribers import calls as subscribers
from tests.system import SERVICES

WIRED = {service.name: service for service in SERVICES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_leads_to_a_call_of_its_kind_with_the_arguments_of_its_path(route):
    service = WIRED[route.service]
    in_path = set(re.findall(r"{(\w+)}", route.path))
    if route.is_write:
        spec = service.commands[route.call]
        assert spec.changes == (route.kind == "change")
        schema: ma.Schema = spec.schema()
    else:
        query = service.queries[route.call]
        assert query.many == (route.kind in ("list", "report"))
        schema = query.schema()
    assert in_path <= schema.fields.keys()
    assert all(schema.fields[name].required for name in in_path)
    assert route.permission in (OPEN, SELF) or re.fullmatch(r"[a-z-]+\.[a-z]+", route.permission)
    assert route.summary


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_methods_mean_what_they_mean_everywhere(route):
    if route.kind == "get" and route.has_body:
        assert route.method == "POST"  # a file is looked at
        return
    assert {"create": "POST", "login": "POST", "get": "GET", "list": "GET", "report": "GET"}.get(
        route.kind, route.method
    ) == route.method
    assert route.kind != "change" or route.method in ("POST", "PATCH", "PUT", "DELETE")


def test_no_two_routes_share_an_address_or_a_name():
    assert max(Counter((route.method, route.path) for route in ROUTES).values()) == 1
    assert max(Counter(route.name for route in ROUTES).values()) == 1


def test_every_call_that_no_route_leads_to_is_meant_for_services_only():
    routed = {(route.service, route.call) for route in ROUTES}
    calls = {(s.name, call) for s in SERVICES for call in (*s.commands, *s.queries)}
    assert calls - routed == {
        ("clients", "get_form_door"),
        ("clients", "destroy_failed_rows"),
        ("clients", "install_defaults"),
        ("clients", "mark_task_overdue"),
        ("clients", "remind_of_task"),
        ("documents", "mark_payment_overdue"),
        ("documents", "prepare_reconciliation"),
        ("documents", "get_reconciliation"),
        ("reporting", "await_events"),
        ("reporting", "download_export"),
        ("reporting", "expire_export"),
        *(("gateway", call) for call in rights.QUERIES),
        *(("gateway", call) for call in subscribers.COMMANDS | subscribers.QUERIES),
    }

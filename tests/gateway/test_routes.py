"""The table of routes against what the services can do."""

import re
from collections import Counter

import marshmallow as ma
import pytest

from gateway.roles import ROLES, permits
from gateway.routes import ROUTES
from gateway.subscribers import calls as subscribers
from tests.system import SERVICES

WIRED = {service.name: service for service in SERVICES}
PERMISSIONS = sorted({route.permission for route in ROUTES})


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
    assert re.fullmatch(r"[a-z-]+\.[a-z]+", route.permission)
    assert route.summary


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_methods_mean_what_they_mean_everywhere(route):
    assert {"create": "POST", "get": "GET", "list": "GET", "report": "GET"}.get(
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
        ("documents", "mark_payment_overdue"),
        ("documents", "prepare_reconciliation"),
        ("documents", "get_reconciliation"),
        ("reporting", "await_events"),
        *(("gateway", call) for call in subscribers.COMMANDS | subscribers.QUERIES),
    }


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_the_owner_may_everything_and_the_auditor_look_at_it(permission):
    assert permits("owner", permission)
    assert permits("auditor", permission) == permission.endswith(".read")
    assert not permits("nobody", permission)


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"owner", "auditor"}))
def test_a_role_holds_only_permissions_that_a_route_asks_for(role):
    assert ROLES[role] <= set(PERMISSIONS)


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"owner"}))
def test_only_the_owner_gives_access(role):
    assert not any(permits(role, permission) for permission in ("users.write", "api-keys.write"))


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("head_of_sales", ["clients.assign", "clients.import", "documents.issue", "reports.read"], ["payments.write"]),
        ("sales_manager", ["clients.write", "deals.write", "documents.write"], ["clients.assign", "events.read"]),
        ("accountant", ["documents.issue", "payments.write", "organisations.write"], ["clients.write", "deals.write"]),
        ("lawyer", ["documents.read", "tasks.write"], ["documents.write", "payments.write"]),
        ("marketer", ["clients.read", "messages.read"], ["clients.write", "documents.read"]),
        ("clerk", ["clients.write", "clients.import"], ["clients.assign", "deals.write"]),
        ("integration", ["events.read", "clients.write"], ["users.read", "documents.issue"]),
    ],
)
def test_a_role_may_what_its_work_asks_for(role, may, may_not):
    assert all(permits(role, permission) for permission in may)
    assert not any(permits(role, permission) for permission in may_not)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_closed_without_a_key_and_to_who_may_not(web, route):
    path = re.sub(r"{\w+}", "some-id", route.path)
    assert web.send(route.method, path, key="nonsense").status_code == 401
    powerless = next((role for role in sorted(ROLES) if not permits(role, route.permission)), None)
    if powerless:
        assert web.send(route.method, path, key=_key(web, powerless)).status_code == 403


_keys: dict[tuple[int, str], str] = {}


def _key(web, role):
    """One key for each role is enough."""
    place = (id(web), role)
    if place not in _keys:
        _keys[place] = web.key_of(role)
    return _keys[place]

"""Roles × permissions × rows, and routes that are open to nobody without one."""

import re
from pathlib import Path

import pytest

from gateway.roles import ALL_GRANTS, MASKED, ROLES, ROW_RESOURCES, Grants, permits
from gateway.routes import PERMISSIONS, ROUTES
from gateway.routing import OPEN, SELF

# the whole table, as the roles of the trade have it: a letter for each role that may
COLUMNS = {
    "O": "owner",
    "H": "head_of_sales",
    "S": "sales_manager",
    "A": "accountant",
    "L": "lawyer",
    "M": "marketer",
    "C": "clerk",
    "R": "auditor",
    "I": "integration",
}
MATRIX = {
    "access-log.read": "O------R-",
    "api-keys.read": "O------R-",
    "api-keys.write": "O--------",
    "attachments.read": "OHSAL-CRI",
    "attachments.write": "OHS---C-I",
    "clients.assign": "OH-------",
    "clients.export": "O--------",
    "clients.import": "OH----C-I",
    "clients.merge": "OH-------",
    "clients.read": "OHSALMCRI",
    "clients.revert": "OH-------",
    "clients.vip": "OH-------",
    "clients.write": "OHS---C-I",
    "consents.read": "OHSALMCRI",
    "consents.write": "OHS---C-I",
    "contacts.export": "O--------",
    "contacts.read": "OHSALMCRI",
    "contacts.write": "OHS---C-I",
    "deals.export": "O--------",
    "deals.read": "OHSALMCRI",
    "deals.write": "OHS-----I",
    "documents.export": "O--------",
    "documents.issue": "OH-A-----",
    "documents.read": "OHSAL-CRI",
    "documents.write": "OHSA-----",
    "erasures.read": "O------R-",
    "erasures.write": "O--------",
    "events.read": "O------RI",
    "exports.read": "OH-----R-",
    "exports.write": "O--------",
    "interactions.export": "O--------",
    "interactions.read": "OHSALMCRI",
    "interactions.write": "OHS---C-I",
    "leads.convert": "OHS------",
    "leads.create": "OHS---C-I",
    "leads.read": "OHS--MCRI",
    "leads.write": "OHS------",
    "messages.export": "O--------",
    "messages.read": "OHSALM-RI",
    "notices.read": "OH-----R-",
    "operations.read": "OHS---CRI",
    "operations.write": "OHS---C-I",
    "organisations.read": "OHSAL--RI",
    "organisations.write": "O--A-----",
    "payments.export": "O--------",
    "payments.read": "OHSAL--RI",
    "payments.write": "O--A----I",
    "reports.read": "OH-ALM-R-",
    "roles.read": "O------R-",
    "roles.write": "O--------",
    "settings.read": "OHSALMCRI",
    "settings.write": "OH-------",
    "tasks.export": "O--------",
    "tasks.read": "OHSALMCR-",
    "tasks.write": "OHSALMC--",
    "teams.read": "OH-----R-",
    "teams.write": "O--------",
    "users.read": "OH-----R-",
    "users.write": "O--------",
    "webhooks.read": "O------RI",
    "webhooks.write": "O-------I",
}
CLOSED = [route for route in ROUTES if route.permission != OPEN]
ROWS = {"head_of_sales": "team", "sales_manager": "own"}
OPEN_TO_EVERYBODY = {
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/asyncapi.json"),
    ("GET", "/docs"),
    ("GET", "/v1/event-types"),
    ("GET", "/v1/event-types/{source}/{kind}/{version}"),
    ("POST", "/forms/{token}"),
    ("GET", "/calendars/{token}.ics"),
    ("POST", "/v1/sessions"),
    ("POST", "/v1/invitations/accept"),
}


def test_the_table_names_every_permission_that_a_route_asks_for():
    assert MATRIX.keys() == set(PERMISSIONS)
    assert ROLES.keys() == set(COLUMNS.values())


@pytest.mark.capability("GW-03")
@pytest.mark.parametrize("permission", MATRIX)
def test_a_role_may_what_the_table_says_and_nothing_else(permission):
    assert MATRIX[permission] == "".join(
        letter if permits(role, permission) else "-" for letter, role in COLUMNS.items()
    )
    assert not permits("nobody", permission)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_of_the_trade_sees_the_rows_the_table_says(role):
    grants = ROLES[role].grants
    assert {grants.scope(resource) for resource in ROW_RESOURCES} == {ROWS.get(role, "all")}
    assert grants.masked == (frozenset(MASKED) if role == "marketer" else frozenset())


@pytest.mark.parametrize("role", ROLES)
def test_a_role_with_streams_sees_the_whole_base(role):
    grants = ROLES[role].grants
    assert grants.whole_base or not grants.streams


@pytest.mark.parametrize("route", CLOSED, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_closed_without_a_key_and_refuses_the_roles_that_may_not(web, keys, route):
    path = re.sub(r"{\w+}", "some-id", route.path)
    assert web.send(route.method, path, key="nonsense").status_code == 401
    for role in ROLES:
        refused = web.send(route.method, path, key=keys[role]).status_code == 403
        assert refused == (route.permission != SELF and not permits(role, route.permission)), role


@pytest.fixture(scope="module")
def keys(web):
    return {role: web.key_of(role) for role in ROLES}


def test_everything_that_is_served_asks_for_a_permission_or_is_listed_as_open(web):
    declared = {(route.method, route.path): route.permission for route in ROUTES}
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in web.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert declared.keys() <= served
    without = {place for place in served if declared.get(place, OPEN) == OPEN}
    assert without == OPEN_TO_EVERYBODY


def test_everything_that_is_not_open_answers_401_to_a_stranger(web):
    for rule in web.app.url_map.iter_rules():
        path = re.sub(r"<\w+:\w+>", "1", re.sub(r"<\w+>", "x", rule.rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            place = (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
            if place not in OPEN_TO_EVERYBODY:
                assert web.app.test_client().open(path, method=method).status_code == 401, place


def test_what_is_open_stands_in_the_documentation():
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
    for _, path in OPEN_TO_EVERYBODY:
        assert f"`{path}`" in text, path


def test_grants_cover_what_is_no_more_than_they_are():
    seller, head = ROLES["sales_manager"].grants, ROLES["head_of_sales"].grants
    assert ALL_GRANTS.cover(head)
    assert head.cover(seller)
    assert not seller.cover(head)
    assert not ROLES["auditor"].grants.cover(seller)
    assert not ROLES["auditor"].grants.cover(ALL_GRANTS)


def test_who_sees_less_grants_no_more():
    everything = Grants(frozenset({"clients.read"}), dict.fromkeys(ROW_RESOURCES, "all"))
    masked = Grants(everything.permissions, everything.rows, frozenset({"phone"}))
    own = Grants(everything.permissions)
    assert everything.cover(masked)
    assert everything.cover(own)
    assert not masked.cover(everything)
    assert not own.cover(everything)


def test_rows_of_a_resource_without_a_rule_are_the_narrowest():
    grants = Grants(frozenset(), {**dict.fromkeys(ROW_RESOURCES, "all"), "tasks": "team"})
    assert (grants.scope("clients"), grants.scope("tasks"), grants.scope("users")) == ("all", "team", "team")
    assert Grants(frozenset()).scope("clients") == "own"

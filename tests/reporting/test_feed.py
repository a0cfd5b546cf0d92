"""What of personal data the feed shows, and to whom."""

from dataclasses import replace

import pytest

from services.kernel.errors import Forbidden
from services.kernel.events import PersonKey
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.system import call_context

NAME = "Кравцов Илья"


@pytest.fixture(scope="module")
def client(system):
    return create(system, "8 916 123-45-67")


def create(system, phone, later="8 903 765-43-21"):
    """A person whose phone was changed afterwards."""
    body = {
        "kind": "individual",
        "name": f"{NAME} {new_id()}",
        "phones": [phone, "доб. 5"],
        "emails": [f"{new_id()}@example.ru"],
        "address": "Тверь, Советская, 1",
    }
    made = system.do("clients", "create_client", body)
    system.do("clients", "change_client", {"client_id": made["id"], "phones": [later]}, version=1)
    system.deliver()
    return made["id"]


def feed(system, subject, rights=None):
    context = replace(call_context(), rights=rights or Rights())
    answer = system.ask("reporting", "list_events", {"subject": subject, "limit": 500}, context)
    assert "problem" not in answer, answer
    return [event["data"] for event in answer["result"]["items"]]


def test_personal_fields_are_open_to_who_may_read_the_feed(system, client):
    created, changed = feed(system, client)
    assert created["name"].startswith(NAME)
    assert created["phones"][0] == {"written": "8 916 123-45-67", "number": "+79161234567", "kind": ""}
    assert changed["personal_after"]["phones"][0]["number"] == "+79037654321"
    assert "sealed" not in created


def test_the_log_itself_holds_them_sealed(system, client):
    bodies = [kept.body for kept in system.runtimes["reporting"].received.page("clients", 0, 2**62, 1000)]
    assert any(client in body for body in bodies)
    assert not any(NAME in body or "9161234567" in body for body in bodies)


def test_phones_and_addresses_of_letters_are_masked_at_any_depth_where_the_reader_sees_a_part_only(system, client):
    created, changed = feed(system, client, Rights(masked=frozenset({"phone", "email"})))
    shown = repr((created, changed))
    for hidden in ("123-45-67", "79161234567", "9037654321"):
        assert hidden not in shown
    assert created["phones"][0]["number"] == "+7 *** ***-45-67"
    assert changed["personal_before"]["phones"][0]["number"] == "+7 *** ***-45-67"
    assert created["emails"][0]["address"].endswith("***@example.ru")
    assert created["address"] == "Тверь, Советская, 1"
    [only_phones, _] = feed(system, client, Rights(masked=frozenset({"phone"})))
    assert "***" not in only_phones["emails"][0]["address"]


def test_a_forgotten_person_is_gone_from_the_feed_and_his_events_stay(system):
    client = create(system, "8 916 000-00-01", "8 916 000-00-02")
    runtime = system.runtimes["reporting"]
    for ground in ("relation", "accounting"):
        runtime.keyring.destroy(PersonKey(client, ground))
    runtime.keyring._trusted_until = 0.0  # as if the seconds had passed
    for data in feed(system, client):
        assert data["erased"] is True
        assert NAME not in repr(data)
        assert "sealed" not in data


def test_who_sees_only_rows_of_some_has_no_feed(system):
    context = replace(call_context(), rights=Rights(users=frozenset({"user-1"})))
    answer = system.ask("reporting", "list_events", {}, context)
    assert answer["problem"]["status"] == Forbidden.status

"""Forms on sites: what is sent twice is one lead, at the same time too."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.ids import new_id
from tests.system import System, call_context, eventually

SENT = {"phone": "8 916 123-45-68", "wants": "кухня"}


def form(system: System, **fields: Any) -> Any:
    body = {"title": "Заявка", "source": "search_ads", "asks": [{"name": "phone"}, {"name": "wants"}], **fields}
    return system.do("clients", "add_lead_form", body)


def send(system: System, made: Any, later: timedelta = timedelta(), **sent: Any) -> str:
    body = {"token": made["token"], "values": {**SENT, **sent.pop("values", {})}, **sent}
    context = replace(call_context(), now=clock.now() + later)
    answer = system.ask("clients", "submit_lead_form", body, context)
    assert "problem" not in answer, answer
    found: str = answer["result"]["id"]
    return found


def test_what_is_sent_at_the_same_time_is_one_lead(furnished):
    made = form(furnished)
    sent: list[str] = []
    at_once = [threading.Thread(target=lambda: sent.append(send(furnished, made))) for _ in range(5)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    assert (len(sent), len(set(sent))) == (5, 1)


def test_the_same_contents_much_later_are_another_lead_and_so_are_other_contents(furnished):
    made, another = form(furnished), form(furnished)
    first = send(furnished, made)
    assert send(furnished, made, timedelta(minutes=9)) == first
    second = send(furnished, made, timedelta(minutes=11))
    others = {send(furnished, another), send(furnished, made, values={"wants": "шкаф"})}
    assert len({first, second, *others}) == 4


def test_what_the_browser_has_named_is_the_same_for_a_day_whatever_it_holds(furnished):
    made, key = form(furnished), new_id()
    first = send(furnished, made, key=key)
    assert send(furnished, made, timedelta(hours=23), key=key, values={"wants": "шкаф"}) == first
    assert send(furnished, made, timedelta(hours=25), key=key) != first


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"source": "nonsense"}, "source", "unknown-entry"),
        ({"action": "nonsense"}, "action", "unknown-entry"),
        ({"asks": [{"name": "phone"}, {"name": "phone"}]}, "asks.1.name", "repeated"),
        ({"trap": "phone"}, "trap", "repeated"),
        ({"origins": ["shop.example"]}, "origins.0", "wrong-origin"),
        ({"origins": ["https://shop.example/page"]}, "origins.0", "wrong-origin"),
        ({"redirect": "javascript:alert(1)"}, "redirect", "wrong-link"),
    ],
)
def test_a_form_that_cannot_work_is_refused_by_its_field(furnished, fields, field, code):
    body = {"title": "Заявка", "source": "search_ads", "asks": [{"name": "phone"}], **fields}
    told = furnished.refusal("clients", "add_lead_form", body)
    assert told["errors"][0]["field"] == field
    assert code in (told["type"], told["errors"][0]["code"])


def test_a_source_that_is_retired_later_loses_no_lead(furnished):
    entry = {"dictionary": "lead_sources", "code": f"fair_{new_id()[-8:]}", "name": new_id()}
    entry = furnished.do("clients", "add_dictionary_entry", entry)
    made = form(furnished, source=entry["code"])
    furnished.do("clients", "change_dictionary_entry", {"entry_id": entry["id"], "retired": True}, entry["version"])
    lead = {"lead_id": send(furnished, made)}
    found = eventually(lambda: furnished.ask("clients", "get_lead", lead).get("result"), 90)
    assert found["source"] == entry["code"]

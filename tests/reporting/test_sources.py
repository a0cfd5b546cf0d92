"""The report by source: which channels bring leads, and what has come of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel.clock import company_today
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_interactions import user
from tests.system import System, call_context, eventually, sqlite_urls


@pytest.fixture(scope="module")
def shop(tmp_path_factory, _quick_to_stop):
    running = System(tmp_path_factory.mktemp("system"), sqlite_urls(tmp_path_factory.mktemp("stores")))
    running.do("clients", "install_defaults", {})
    running.react("clients")
    yield running
    running.close()


def lead(system: System, source: str, **fields: Any) -> Any:
    body = {"source": source, "action": "form", "name": new_id(), **fields}
    return system.do("clients", "capture_lead", body)


def report(system: System, **asked: Any) -> dict[str, Any]:
    system.deliver()
    return {row["source"]: row for row in system.do("reporting", "report_sources", asked)["items"]}


def won(system: System, source: str, price: str) -> None:
    """A lead whose deal was won."""
    made = lead(system, source)
    convert = {"lead_id": made["id"], "deal_title": "Стол"}
    system.do("clients", "convert_lead", convert, made["version"])

    def opened() -> Any:
        system.deliver()
        return system.do("clients", "get_lead", {"lead_id": made["id"]})["deal_id"]

    deal = {"deal_id": eventually(opened, 90)}
    line = {"name": "Стол", "quantity": "1", "price": price}
    system.do("deals", "change_deal", {**deal, "lines": [line]}, 1)
    system.do("deals", "change_deal_stage", {**deal, "stage": "won"}, 2)


@pytest.mark.capability("CL-18")
def test_every_source_tells_its_leads_how_many_became_clients_and_what_their_deals_have_brought(shop):
    won(shop, "search_ads", "100.50")
    won(shop, "search_ads", "200.00")
    lead(shop, "search_ads")
    rejected = lead(shop, "search_ads")
    shop.do("clients", "reject_lead", {"lead_id": rejected["id"], "reason": "spam"}, rejected["version"])
    taken = lead(shop, "recommendation")
    shop.do("clients", "take_lead", {"lead_id": taken["id"]}, taken["version"])
    found = report(shop)
    assert list(found) == ["search_ads", "recommendation"]
    assert found["search_ads"] == {
        "source": "search_ads",
        "name": "Контекстная реклама",
        "leads": 4,
        "new": 1,
        "in_work": 0,
        "rejected": 1,
        "converted": 2,
        "conversion": "0.5000",
        "deals": 2,
        "won": 2,
        "won_amount": "300.50",
        "currency": "RUB",
    }
    assert (found["recommendation"]["in_work"], found["recommendation"]["won_amount"]) == (1, "0.00")
    assert report(shop, currency="USD")["search_ads"]["deals"] == 0
    told = shop.refusal("clients", "capture_lead", {"action": "form", "name": "Без источника"})
    assert (told["errors"][0]["field"], told["errors"][0]["code"]) == ("source", "required")


def test_a_period_is_of_the_days_leads_came_in(shop):
    today = company_today()
    before, after = today - timedelta(days=1), today + timedelta(days=2)
    lead(shop, "partner")
    assert report(shop, since=today.isoformat(), until=after.isoformat())["partner"]["leads"] == 1
    assert report(shop, until=before.isoformat()) == {}
    assert report(shop, since=after.isoformat()) == {}


def test_a_renamed_source_has_its_new_name_and_a_manager_counts_his_own_leads(shop):
    anna = user(shop)
    shop.deliver()
    lead(shop, "media", assignee_id=anna)
    lead(shop, "media")
    shop.do("clients", "change_dictionary_entry", {"entry_id": "lead_sources.media", "name": "Радио"}, 1)
    assert report(shop)["media"]["name"] == "Радио"
    context = replace(call_context(), rights=Rights(frozenset([anna])))
    [row] = shop.ask("reporting", "report_sources", {}, context)["result"]["items"]
    assert (row["source"], row["leads"]) == ("media", 1)

"""What is planned, day by day: for the user himself, for those above him, and for his calendar program."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from gateway.edge import Edge
from gateway.limits import Limits, Policy
from services.kernel import clock
from services.kernel.errors import Unavailable
from tests.contracts.valid import LINE
from tests.gateway.conftest import Web, problem

DAY = date(2026, 11, 2)  # a Monday before a holiday
SPAN = {"from": "2026-11-01", "to": "2026-11-30"}


class Person:
    """A user with a key, and what he has to do."""

    def __init__(self, web, role="sales_manager"):
        self.web = web
        self.id = web.post("/v1/users", {"name": "Белова Анна", "role": role}).get_json()["id"]
        self.key = web.post("/v1/api-keys", {"user_id": self.id, "name": "ключ"}).get_json()["key"]
        client = {"kind": "legal_entity", "name": f"ООО «Дневник {self.id}»", "manager_id": self.id}
        self.client = web.post("/v1/clients", client).get_json()["id"]

    def plan(self, starts_at, **fields):
        body = {"client_id": self.client, "kind": "meeting", "starts_at": starts_at, "subject": "Кухня", **fields}
        made = self.web.post("/v1/interactions", {**body, "employee_id": self.id})
        assert made.status_code == 201, made.get_json()
        return made.get_json()

    def task(self, **due):
        body = {"title": "Прислать счёт", "client_id": self.client, "assignee_id": self.id, **due}
        made = self.web.post("/v1/tasks", body)
        assert made.status_code == 201, made.get_json()
        return made.get_json()

    def deal(self):
        body = {"client_id": self.client, "title": "Кухня из дуба", "lines": [LINE], "manager_id": self.id}
        return self.web.post("/v1/deals", body).get_json()

    def diary(self, key=None, **asked):
        self.web.system.deliver()
        return self.web.get("/v1/calendar", query_string={**SPAN, **asked}, key=key or self.key)

    def feed(self, name="Телефон"):
        return self.web.post("/v1/calendar-feeds", {"name": name}, key=self.key).get_json()


@pytest.fixture(scope="module", name="office")
def _office(web: Web) -> Web:
    web.system.do("clients", "install_defaults", {})
    return web


def read(web, feed, **headers):
    """As a calendar program reads, without a key."""
    web.system.deliver()
    return web.app.test_client().get(feed["address"], headers=headers)


def events(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "text/calendar; charset=utf-8"
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.data).walk("VEVENT")}


def soon(days=1):
    return clock.company_today() + timedelta(days=days)


@pytest.mark.capability("CL-49")
def test_calls_letters_meetings_and_tasks_stand_in_one_diary_with_the_stages_of_deals(office):
    anna = Person(office)
    day = clock.company_today()
    deal = anna.deal()
    call = anna.plan(f"{day}T12:00:00+03:00", kind="call", ends_at=f"{day}T12:30:00+03:00")
    letter = anna.plan(f"{day}T00:00:00+03:00", kind="letter")
    late = anna.plan(f"{day}T23:59:00+03:00", kind="meeting")
    due, timed = anna.task(due_date=str(day)), anna.task(due_at=f"{day}T11:00:00+03:00")
    anna.plan(f"{day + timedelta(days=1)}T00:00:00+03:00")
    office.post(f"/v1/deals/{deal['id']}/stage", {"stage": "offer"}, version=1)
    told = anna.diary(**{"from": str(day), "to": str(day)}).get_json()
    found = {entry["id"]: entry for entry in told["entries"]}
    planned = [due["id"], letter["id"], timed["id"], call["id"], late["id"]]
    assert [entry["id"] for entry in told["entries"] if entry["kind"] != "deal"] == planned
    later = anna.diary(**{"from": str(day), "to": str(soon())}).get_json()["entries"]
    [stands] = [entry for entry in later if entry["kind"] == "deal"]
    reached = clock.company_date(clock.from_iso(stands["starts_at"]))
    assert (stands["id"], stands["state"], stands["date"]) == (deal["id"], "offer", str(reached))
    assert found[call["id"]] == {
        "kind": "interaction",
        "id": call["id"],
        "version": 1,
        "date": str(day),
        "starts_at": call["starts_at"],
        "ends_at": call["ends_at"],
        "title": "Кухня",
        "state": "planned",
        "interaction_kind": "call",
        "client_id": anna.client,
        "user_id": anna.id,
        "open_deals": [{"id": deal["id"], "title": "Кухня из дуба", "stage": "offer"}],
    }
    assert (told["user_id"], told["more"], told["unavailable"]) == (anna.id, [], [])


def test_days_off_and_holidays_are_named_in_the_companys_zone(office):
    told = Person(office).diary().get_json()
    days = {day["date"]: (day["working"], day["holiday"]) for day in told["days"]}
    assert len(days) == 30
    assert days["2026-11-04"] == (False, "День народного единства")
    assert (days["2026-11-07"], days["2026-11-09"]) == ((False, None), (True, None))
    assert told["time_zone"] == "Europe/Moscow"


def test_a_deal_stands_where_it_came_to_its_stage_and_is_told_beside_later_steps(office):
    anna = Person(office)
    deal = anna.deal()
    later = anna.plan(f"{soon(40)}T10:00:00+03:00")
    [entry] = anna.diary(**{"from": str(soon(39)), "to": str(soon(41))}).get_json()["entries"]
    assert (entry["id"], entry["open_deals"][0]["id"]) == (later["id"], deal["id"])
    office.post(f"/v1/deals/{deal['id']}/stage", {"stage": "lost", "reason": "дорого"}, version=1)
    [entry] = anna.diary(**{"from": str(soon(39)), "to": str(soon(41))}).get_json()["entries"]
    assert entry["open_deals"] == []


def test_what_is_cancelled_is_not_there_and_what_is_done_says_so(office):
    anna = Person(office)
    done, dropped = anna.plan(f"{DAY}T10:00:00+03:00"), anna.plan(f"{DAY}T11:00:00+03:00")
    office.post(f"/v1/interactions/{done['id']}/complete", {"result": "agreed"}, version=1)
    office.post(f"/v1/interactions/{dropped['id']}/cancel", {"reason": "перенос"}, version=1)
    assert [(one["id"], one["state"]) for one in anna.diary().get_json()["entries"]] == [(done["id"], "completed")]


def test_who_takes_part_finds_it_in_his_diary_too(office):
    anna, boris = Person(office), Person(office, "clerk")
    meeting = anna.plan(f"{DAY}T10:00:00+03:00", participants=[boris.id])
    assert [one["id"] for one in boris.diary().get_json()["entries"]] == [meeting["id"]]


def test_of_others_diaries_everybody_sees_what_his_rows_are(office):
    anna, boris = Person(office), Person(office)
    task = anna.task(due_date=str(DAY))
    assert [one["id"] for one in anna.diary(key=office.key, user_id=anna.id).get_json()["entries"]] == [task["id"]]
    assert anna.diary(key=boris.key, user_id=anna.id).get_json()["entries"] == []
    strange = anna.diary(user_id='x" OR state = "open').get_json()
    assert strange["entries"] == []


def test_what_a_key_does_not_open_is_not_in_the_diary(office):
    anna = Person(office)
    anna.plan(f"{DAY}T10:00:00+03:00")
    body = {"user_id": anna.id, "name": "узкий", "scopes": ["tasks.read"]}
    narrow = office.post("/v1/api-keys", body).get_json()["key"]
    told = anna.diary(key=narrow).get_json()
    assert (told["entries"], told["kinds"]) == ([], ["task"])
    problem(office.post("/v1/calendar-feeds", {"name": "тайком"}, key=narrow), 403, "more-than-held")


def test_a_service_that_is_away_is_named(office, monkeypatch):
    anna = Person(office)
    anna.task(due_date=str(DAY))
    office.system.deliver()
    _without(office, monkeypatch, "deals")
    told = anna.web.get("/v1/calendar", query_string=SPAN, key=anna.key).get_json()
    assert ([one["kind"] for one in told["entries"]], told["unavailable"]) == (["task"], ["deal"])


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to", "before-from"),
        ({"from": "2026-01-01", "to": "2026-04-03"}, "to", "too-many-days"),
        ({"from": "вчера"}, "from", "not-a-date"),
        ({"from": ""}, "from", "not-a-date"),
        ({"until": "2026-01-01"}, "until", "unknown-field"),
    ],
)
def test_wrong_days_are_refused_by_name(office, asked, field, code):
    told = problem(office.get("/v1/calendar", query_string={**SPAN, **asked}), 422, "invalid")
    assert (field, code) in [(error["field"], error["code"]) for error in told["errors"]]


def test_a_calendar_program_reads_what_is_to_be_done_without_a_key(office):
    anna, day = Person(office), soon()
    meeting = anna.plan(f"{day}T10:00:00+03:00", ends_at=f"{day}T11:00:00+03:00", subject="Кухня; дуб, 3 м")
    due, timed = anna.task(due_date=str(day)), anna.task(due_at=f"{day}T15:00:00+03:00")
    done = anna.plan(f"{soon(-1)}T10:00:00+03:00")
    office.post(f"/v1/interactions/{done['id']}/complete", {"result": "agreed"}, version=1)
    answer = read(office, anna.feed())
    found = events(answer)
    assert found.keys() == {
        f"interaction-{meeting['id']}@reestr",
        f"task-{due['id']}@reestr",
        f"task-{timed['id']}@reestr",
    }
    event = found[f"interaction-{meeting['id']}@reestr"]
    assert str(event["SUMMARY"]) == "Встреча в офисе: Кухня; дуб, 3 м"
    assert event.decoded("DTSTART") == clock.from_iso(meeting["starts_at"])
    assert event.decoded("DTEND") == clock.from_iso(meeting["ends_at"])
    assert (event["SEQUENCE"], str(event["CLASS"])) == (0, "PRIVATE")
    assert found[f"task-{due['id']}@reestr"].decoded("DTSTART") == day
    assert found[f"task-{timed['id']}@reestr"].decoded("DTSTART") == clock.from_iso(timed["due_at"])
    assert "Дневник" not in answer.get_data(as_text=True)


def test_what_is_moved_keeps_its_name_and_counts_up(office):
    anna, day = Person(office), soon()
    meeting, feed = anna.plan(f"{day}T10:00:00+03:00"), anna.feed()
    before = read(office, feed)
    same = read(office, feed, **{"If-None-Match": before.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    office.patch(f"/v1/interactions/{meeting['id']}", {"starts_at": f"{day}T12:00:00+03:00"}, version=1)
    after = read(office, feed, **{"If-None-Match": before.headers["ETag"]})
    [event] = events(after).values()
    assert (event["SEQUENCE"], event.decoded("DTSTART").hour) == (1, 9)
    office.post(f"/v1/interactions/{meeting['id']}/cancel", {"reason": "перенос"}, version=2)
    assert events(read(office, feed)) == {}


def test_an_address_is_told_once_and_kept_as_a_hash(office):
    anna = Person(office)
    feed = anna.feed()
    assert re.fullmatch(rf"/calendars/rc_{feed['id']}_[\w-]{{43}}\.ics", feed["address"])
    seen = office.get(f"/v1/calendar-feeds/{feed['id']}", key=anna.key).get_json()
    assert seen == {name: value for name, value in feed.items() if name != "address"}
    assert office.get("/v1/calendar-feeds", key=anna.key).get_json()["items"] == [seen]


def test_a_new_secret_closes_the_former_address_and_a_revoked_feed_is_closed_for_good(office):
    anna = Person(office)
    first = anna.feed()
    second = office.post(f"/v1/calendar-feeds/{first['id']}/rotate", key=anna.key, version=1).get_json()
    problem(read(office, first), 404, "not-found")
    assert events(read(office, second)) == {}
    revoked = office.post(f"/v1/calendar-feeds/{first['id']}/revoke", key=anna.key, version=2).get_json()
    assert not revoked["active"]
    problem(read(office, second), 404, "not-found")
    again = office.post(f"/v1/calendar-feeds/{first['id']}/rotate", key=anna.key, version=3)
    problem(again, 409, "calendar-feed-inactive")


def test_the_address_of_a_user_who_left_opens_nothing(office):
    anna = Person(office)
    feed = anna.feed()
    office.post(f"/v1/users/{anna.id}/deactivate", version=1)
    problem(read(office, feed), 404, "not-found")


def test_an_address_opens_nothing_else(office):
    token = Person(office).feed()["address"].removeprefix("/calendars/").removesuffix(".ics")
    assert office.get("/v1/tasks", key=token).status_code == 401
    for wrong in ("x", "rc_1_2", f"{token}x", token.replace("rc_", "rk_", 1)):
        problem(read(office, {"address": f"/calendars/{wrong}.ics"}), 404, "not-found")


def test_nobody_changes_or_sees_anothers_address(office):
    feed, boris = Person(office).feed(), Person(office)
    assert office.get(f"/v1/calendar-feeds/{feed['id']}", key=boris.key).status_code == 404
    assert office.get("/v1/calendar-feeds", key=boris.key).get_json()["items"] == []
    for action in ("rotate", "revoke"):
        answer = office.post(f"/v1/calendar-feeds/{feed['id']}/{action}", key=boris.key, version=1)
        problem(answer, 404, "not-found")


def test_a_calendar_program_gets_nothing_rather_than_half_of_it(office, monkeypatch):
    anna = Person(office)
    anna.task(due_date=str(soon()))
    feed = anna.feed()
    office.system.deliver()
    _without(office, monkeypatch, "clients")
    answer = office.app.test_client().get(feed["address"])
    assert answer.status_code == 503


def test_guessing_addresses_is_limited_by_where_it_comes_from(system):
    web = Web(system, Edge(Limits(None, Policy("address", 2, 60), frozenset())))
    answers = [web.app.test_client().get("/calendars/rc_1_2.ics").status_code for _ in range(3)]
    assert answers == [404, 404, 429]


def _without(web, monkeypatch, away):
    call = web.system.call

    def limited(service, method, arguments, context):
        if service == away:
            raise Unavailable(service=service)
        return call(service, method, arguments, context)

    monkeypatch.setattr(web.system, "call", limited)

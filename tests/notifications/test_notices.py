"""Letters to users: to heads when somebody exports data, to the owner of a webhook that was paused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.kernel import clock
from services.kernel.clock import to_iso
from services.kernel.store.claims import Append, StreamEvents
from services.notifications.domain import webhook as webhooks
from services.notifications.handlers import WEBHOOK
from tests.system import System, call_context, eventually, sqlite_urls


@pytest.fixture
def office(tmp_path, post, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway", "reporting", "notifications"], post.url)
    running.react("reporting", "notifications")
    yield running
    running.close()


def user(system: System, name: str, role: str, email: str | None = None) -> str:
    card = {"name": name, "role": role, **({"email": email} if email else {})}
    made: str = system.do("gateway", "create_user", card)["id"]
    return made


def exported(system: System, by: str) -> str:
    context = replace(call_context(), actor=by)
    export = system.ask("reporting", "request_export", {"resource": "clients", "format": "csv"}, context)["result"]
    look = {"export_id": export["id"]}
    eventually(lambda: system.do("reporting", "get_export", look)["state"] == "completed", 60)
    system.deliver()
    return str(export["id"])


def notices(system: System, count: int) -> list[Any]:
    def look() -> Any:
        found = system.do("notifications", "list_notices", {"sort": "planned_at"})["items"]
        return len(found) == count and all(one["state"] != "planned" for one in found) and found

    return list(eventually(look, 60))


def test_heads_are_told_who_took_what(office, post):
    owner = user(office, "Салонов Пётр", "owner", "owner@salon-ps.example")
    head = user(office, "Белова Анна", "head_of_sales", "head@salon-ps.example")
    other = user(office, "Чужой Глава", "head_of_sales", "other@salon-ps.example")
    taker = user(office, "Петров Алексей", "sales_manager", "petrov@salon-ps.example")
    role = {"id": "taker", "name": "Выгружает", "permissions": ["clients.export"], "rows": {"clients": "all"}}
    office.do("gateway", "create_role", role)
    office.do("gateway", "change_user_role", {"user_id": taker, "role": "taker"}, version=1)
    office.do("gateway", "create_team", {"name": "Отдел", "members": [head, taker]})
    office.do("clients", "create_client", {"kind": "legal_entity", "name": "ООО «Ромашка»"})
    export = exported(office, taker)
    told = notices(office, 2)
    assert {one["user_id"] for one in told} == {owner, head}
    assert other not in {one["user_id"] for one in told}
    assert {(one["state"], one["template"], one["facts"]["rows"]) for one in told} == {("sent", "export_completed", 1)}
    assert {letter["To"] for letter in post.letters} == {"owner@salon-ps.example", "head@salon-ps.example"}
    text = post.letters[0].get_content()
    assert "Петров Алексей выгружает данные из системы: клиенты." in text
    assert export in text
    assert "строк: 1" in post.letters[0]["Subject"]


def test_a_user_without_an_address_is_seen_not_to_have_been_told(office, post):
    owner = user(office, "Салонов Пётр", "owner")
    exported(office, owner)
    [notice] = notices(office, 1)
    assert (notice["state"], notice["reason"], notice["user_id"]) == ("failed", "no-address", owner)
    assert post.letters == []


def test_an_address_that_is_refused_is_not_tried_again(office, post):
    post.on_recipient = "550 no such user"
    exported(office, user(office, "Салонов Пётр", "owner", "owner@salon-ps.example"))
    [notice] = notices(office, 1)
    assert (notice["state"], notice["reason"]) == ("failed", "address-refused")


def paused(system: System, owner: str, reason: str) -> None:
    asked = {"url": "https://hooks.romashka.example/", "types": ["DealWon"], "start": "now"}
    context = replace(call_context(), actor=owner)
    made = system.ask("notifications", "create_webhook", asked, context)["result"]
    tools = system.runtimes["notifications"].tools
    loaded = tools.load(WEBHOOK, made["id"], call_context())
    events = webhooks.pause_webhook(loaded.state, reason)
    tools.store.append(Append(call_context(), [StreamEvents(loaded.stream, loaded.version, events)]))


def test_the_owner_of_a_paused_webhook_is_told_why(office, post):
    owner = user(office, "Салонов Пётр", "owner", "owner@salon-ps.example")
    paused(office, owner, "gone")
    [notice] = notices(office, 1)
    assert (notice["state"], notice["template"], notice["user_id"]) == ("sent", "webhook_paused", owner)
    [letter] = post.letters
    assert "его больше нет (410)" in letter.get_content()
    assert letter["From"] == "Reestr <reestr@localhost.localdomain>"


def test_nobody_is_told_of_what_he_asked_for_himself(office, post):
    owner = user(office, "Салонов Пётр", "owner", "owner@salon-ps.example")
    paused(office, owner, "asked")
    paused(office, owner, "failing")
    [notice] = notices(office, 1)
    assert notice["facts"]["reason"] == "failing"


def test_an_assignee_is_reminded_of_his_task_ahead_of_its_time_and_nobody_else_is(office, post):
    anna = user(office, "Белова Анна", "sales_manager", "anna@salon-ps.example")
    user(office, "Салонов Пётр", "owner", "owner@salon-ps.example")
    office.react("clients")
    due_at = clock.now() + timedelta(minutes=10)
    task = {"title": "Отгрузить столы", "due_at": to_iso(due_at), "remind_minutes": [60], "assignee_id": anna}
    card = {"kind": "individual", "name": "Кравцов Илья"}
    client = office.do("clients", "create_client", card)["id"]
    made = office.do("clients", "assign_task", {**task, "client_id": client})
    eventually(lambda: office.events("clients", "TaskReminderDue"), 90)
    office.deliver()
    [told] = notices(office, 1)
    assert (told["user_id"], told["template"], told["state"]) == (anna, "task_reminder", "sent")
    assert told["facts"]["task_id"] == made["id"]
    [letter] = post.letters
    assert letter["To"] == "anna@salon-ps.example"
    assert letter["Subject"] == "Напоминание: Отгрузить столы"
    at = due_at.astimezone(office.runtimes["notifications"].tools.settings.time_zone)
    assert f"Срок: {at:%d.%m.%Y %H:%M}." in letter.get_content()
    planned = office.events("notifications", "NoticePlanned")[0]
    assert "Отгрузить" not in str(planned.facts)


def test_of_a_task_that_is_done_by_then_nobody_is_reminded(office, post):
    anna = user(office, "Белова Анна", "sales_manager", "anna@salon-ps.example")
    task = {"title": "Позвонить", "due_date": "2020-01-02", "remind_minutes": [0], "assignee_id": anna}
    made = office.do("clients", "assign_task", task)
    office.do("clients", "complete_task", {"task_id": made["id"]}, made["version"])
    other = office.do("clients", "assign_task", {**task, "title": "Написать"})
    office.react("clients")
    eventually(lambda: office.events("clients", "TaskReminderDue"), 90)
    office.deliver()
    [told] = notices(office, 1)
    assert told["facts"]["task_id"] == other["id"]
    assert len(post.letters) == 1

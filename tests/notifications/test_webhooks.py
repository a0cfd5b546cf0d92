"""Webhooks from subscription to delivery, to a real receiver on this machine."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from gateway.roles import ROW_RESOURCES
from services.kernel import clock
from services.kernel.events import PersonKey
from services.kernel.reactions import Effect
from services.kernel.rights import Rights
from services.notifications.domain import webhook as domain
from services.notifications.reactions.webhooks import book, deliverer, lane
from tests.notifications.hooks import SOURCE, Hooks, in_order, numbered, running
from tests.notifications.receiver import Receiver
from tests.system import call_context, eventually, sqlite_urls

ALL = list(range(1, 61))


@pytest.fixture(autouse=True)
def _quick(monkeypatch, _quick_to_stop):
    """Pauses of a moment, the same number of them."""
    monkeypatch.setattr(domain, "PAUSES", (timedelta(milliseconds=50),) * 4)
    monkeypatch.setattr(deliverer, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(lane, "SAVE_EVERY", 0.05)
    monkeypatch.setattr(Effect, "pause_after", lambda _effect, _tries: timedelta(milliseconds=20))


@pytest.fixture
def receiver():
    up = Receiver()
    yield up
    up.die()


@pytest.fixture
def other():
    up = Receiver()
    yield up
    up.die()


@pytest.fixture
def hooks(tmp_path):
    with running(tmp_path, sqlite_urls(tmp_path)) as up:
        yield up


@pytest.fixture
def whole(tmp_path):
    """With the services whose events are real."""
    with running(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway", "notifications"]) as up:
        yield up


def wait_for(receiver: Receiver, numbers) -> None:
    eventually(lambda: sorted(receiver.numbers()) == sorted(numbers), 60)


def slowly(_handler, _request) -> int:
    time.sleep(0.01)
    return 200


def paused(hooks: Hooks) -> list[tuple[str, str]]:
    events = hooks.system.events("notifications", "WebhookPaused")
    return [(event.webhook_id, event.reason) for event in events]


# Consent


def test_nothing_is_sent_before_the_receiver_has_answered_the_challenge(hooks, receiver):
    receiver.consents = lambda _challenge: b"hello"
    hook = hooks.create(receiver, confirmed=False)
    assert hook["state"] == "pending"
    hooks.hear(numbered(ALL))
    hooks.until(hook, "paused")
    assert hooks.get(hook)["reason"] == "not-confirmed"
    assert {request.event["type"] for request in receiver.requests} == {"WebhookChallenged"}
    receiver.consents = str.encode
    hooks.act("resume_webhook", hook)
    hooks.until(hook, "active")
    wait_for(receiver, ALL)


@pytest.mark.parametrize("answer", ['{"challenge": "%s"}', "%s\n"])
def test_the_challenge_is_answered_as_text_or_as_json(hooks, receiver, answer):
    receiver.consents = lambda challenge: (answer % challenge).encode()
    hooks.create(receiver)


@pytest.mark.parametrize("answer", ['{"data": {"challenge": "%s"}}', '"%s"', "you said %s", '["%s"]'])
def test_a_server_that_merely_repeats_what_it_is_sent_has_agreed_to_nothing(hooks, receiver, answer):
    receiver.consents = lambda challenge: (answer % challenge).encode()
    hook = hooks.create(receiver, confirmed=False)
    assert hooks.until(hook, "paused")["reason"] == "not-confirmed"


def test_another_address_must_consent_anew_and_goes_on_where_the_first_was(hooks, receiver, other):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:20]))
    hooks.reached(hook, 20)
    changed = hooks.act("change_webhook", hook, url=other.url)
    assert changed["state"] == "pending"
    hooks.until(hook, "active")
    hooks.hear(numbered(ALL[20:]))
    wait_for(other, ALL[20:])
    assert sorted(receiver.numbers()) == ALL[:20]


# Delivery


def test_every_event_comes_once_in_the_order_of_its_subject_several_at_once(hooks, receiver):
    receiver.behave = slowly
    hooks.create(receiver)
    hooks.hear(numbered(ALL))
    wait_for(receiver, ALL)
    assert len(receiver.taken) == len(ALL)
    assert in_order(receiver.numbers())
    assert 1 < receiver.most_at_once <= lane.WIDTH


def test_one_subject_is_never_twice_on_its_way(hooks, receiver):
    receiver.behave = slowly
    hooks.create(receiver)
    hooks.hear(numbered(ALL, subjects=1))
    wait_for(receiver, ALL)
    assert receiver.numbers() == ALL
    assert receiver.most_at_once == 1


def test_the_receivers_own_library_finds_the_signature_good(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered([1]))
    wait_for(receiver, [1])
    [request] = receiver.taken
    assert request.verify(hook["secret"]) == numbered([1])[0].to_dict() | {
        name: request.event[name] for name in ("time", "recordedtime")
    }
    assert request.headers["webhook-id"] == request.event["id"] == f"{SOURCE}-1"
    assert request.headers["Content-Type"] == "application/cloudevents+json"
    request.body += b" "
    with pytest.raises(WebhookVerificationError):
        request.verify(hook["secret"])


def test_only_what_was_asked_for_comes_and_the_cursor_moves_over_the_rest(hooks, receiver, other):
    by_subject = hooks.create(receiver, subjects=["s-3"])
    by_type = hooks.create(other, types=["Other"])
    messages = numbered(ALL)
    hooks.hear([*messages[:30], replace(messages[30], type="Other"), *messages[31:]])
    wait_for(receiver, [n for n in ALL if n % 10 == 3])
    wait_for(other, [31])
    hooks.reached(by_subject, 60)
    hooks.reached(by_type, 60)


def test_a_webhook_begins_now_or_with_event_one(hooks, receiver, other):
    hooks.hear(numbered(ALL[:30]))
    hooks.create(receiver)
    hooks.create(other, start="beginning")
    hooks.hear(numbered(ALL[30:]))
    wait_for(receiver, ALL[30:])
    wait_for(other, ALL)


def test_events_of_the_service_itself_are_sent_as_well(hooks, receiver, other):
    hooks.create(receiver, sources=["/reestr/notifications"], types=["WebhookPaused"])
    second = hooks.create(other)
    hooks.act("pause_webhook", second)
    [event] = eventually(lambda: receiver.events)
    assert event["data"] == {"webhook_id": second["id"], "owner_id": "user-1", "reason": "asked"}
    assert (event["source"], event["subject"]) == ("/reestr/notifications", second["id"])


# Trouble


def test_an_event_that_is_not_taken_holds_those_behind_it_and_none_is_lost(hooks, receiver):
    refusing = threading.Event()
    refusing.set()

    def behave(_handler, request):
        stuck = refusing.is_set() and request.event["data"]["number"] == 7
        return 500 if stuck else 200

    receiver.behave = behave
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL))
    eventually(lambda: hooks.get(hook)["failures"] >= 2)
    assert hooks.get(hook)["positions"][f"/reestr/{SOURCE}"] == 6
    assert not [n for n in receiver.numbers() if n > 7 and n % 10 == 7]
    refusing.clear()
    wait_for(receiver, ALL)
    assert in_order(receiver.numbers())
    assert len(receiver.taken) == len(ALL)
    assert hooks.reached(hook, 60)
    view = hooks.get(hook)
    assert (view["failures"], view["failing_since"]) == (0, None)


def test_while_a_receiver_fails_one_event_alone_asks_whether_it_is_back(hooks, receiver):
    receiver.behave = lambda _handler, _request: 503
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL))
    hooks.until(hook, "paused")
    first = [r.event["data"]["number"] for r in receiver.requests if r.event["type"] == "Numbered"]
    assert first.count(1) == 5
    assert len(first) <= 4 + lane.WIDTH


def test_after_the_last_attempt_it_is_paused_said_and_nothing_is_lost(hooks, receiver):
    receiver.behave = lambda _handler, _request: 500
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL))
    view = hooks.until(hook, "paused")
    assert (view["reason"], view["failures"]) == ("failing", len(domain.PAUSES) + 1)
    assert paused(hooks) == [(hook["id"], "failing")]
    receiver.behave = lambda _handler, _request: 200
    hooks.act("resume_webhook", hook)
    wait_for(receiver, ALL)
    assert hooks.get(hook)["state"] == "active"


def test_a_receiver_that_is_gone_is_not_asked_again(hooks, receiver):
    receiver.behave = lambda _handler, _request: 410
    hook = hooks.create(receiver)
    hooks.hear(numbered([1]))
    assert hooks.until(hook, "paused")["reason"] == "gone"
    assert [request.event["type"] for request in receiver.requests] == ["WebhookChallenged", "Numbered"]


def test_a_receiver_that_asks_to_be_left_alone_is(hooks, receiver):
    def behave(handler, _request):
        handler.send_response(429)
        handler.send_header("Retry-After", "3600")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.behave = behave
    hook = hooks.create(receiver)
    hooks.hear(numbered([1]))
    view = eventually(lambda: (now := hooks.get(hook))["failures"] and now)
    until = clock.from_iso(view["next_attempt_at"]) - clock.now()
    assert timedelta(minutes=55) < until < timedelta(minutes=65)


def test_a_receiver_that_dies_and_comes_back_has_everything(hooks, receiver, monkeypatch):
    monkeypatch.setattr(domain, "PAUSES", (timedelta(milliseconds=50),) * 1000)
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:20]))
    hooks.reached(hook, 20)
    receiver.die()
    hooks.hear(numbered(ALL[20:]))
    eventually(lambda: hooks.get(hook)["failures"] >= 2)
    receiver.start()
    wait_for(receiver, ALL)
    assert in_order(receiver.numbers())
    assert {attempt["outcome"] for attempt in hooks.attempts(hook)} == {"delivered", "no-connection"}


def test_one_that_hangs_holds_up_nobody_else(hooks, receiver, other):
    hanging = threading.Event()

    def hang(_handler, _request):
        hanging.wait(60)
        return 200

    receiver.behave = hang
    slow = hooks.create(receiver)
    quick = [hooks.create(other) for _ in range(3)]
    hooks.hear(numbered(ALL))
    for hook in quick:
        hooks.reached(hook, 60)
    assert hooks.get(slow)["positions"].get(f"/reestr/{SOURCE}", 0) == 0
    hanging.set()
    wait_for(receiver, ALL)


def test_a_database_in_trouble_is_no_failure_of_the_receiver(hooks, receiver, monkeypatch):
    hook = hooks.create(receiver)
    genuine = book.Book.save
    troubles: list[int] = []

    def save(*arguments):
        if len(troubles) < 2:
            troubles.append(1)
            raise OSError("the disk")
        return genuine(*arguments)

    monkeypatch.setattr(book.Book, "save", save)
    monkeypatch.setattr(lane, "AFTER_TROUBLE", 0.05)
    hooks.hear(numbered(ALL))
    hooks.reached(hook, 60)
    assert hooks.get(hook)["failures"] == 0
    assert in_order(receiver.numbers())


# The life of a webhook


def test_what_happens_while_it_is_paused_comes_after_it_is_resumed(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:10]))
    hooks.reached(hook, 10)
    assert hooks.act("pause_webhook", hook)["state"] == "paused"
    eventually(hooks.is_still)
    hooks.hear(numbered(ALL[10:]))
    time.sleep(0.3)
    assert sorted(receiver.numbers()) == ALL[:10]
    assert hooks.act("resume_webhook", hook)["state"] == "active"
    wait_for(receiver, ALL)
    assert len(receiver.taken) == len(ALL)


def test_a_cancelled_webhook_is_over(hooks, receiver):
    hook = hooks.create(receiver)
    assert hooks.act("cancel_webhook", hook)["state"] == "cancelled"
    eventually(hooks.is_still)
    hooks.hear(numbered(ALL))
    time.sleep(0.2)
    assert receiver.events == []
    refused = hooks.system.refusal("notifications", "resume_webhook", {"webhook_id": hook["id"]}, 3)
    assert refused["type"] == "webhook-is-cancelled"


def test_a_secret_is_rotated_with_both_signing_for_a_while(hooks, receiver, monkeypatch):
    hook = hooks.create(receiver)
    rotated = hooks.act("rotate_webhook_secret", hook)
    assert rotated["secret"] != hook["secret"]
    hooks.until(hook, "active")
    hooks.hear(numbered([1]))
    wait_for(receiver, [1])
    receiver.taken[0].verify(hook["secret"])
    receiver.taken[0].verify(rotated["secret"])
    assert len(receiver.taken[0].headers["webhook-signature"].split()) == 2
    monkeypatch.setattr(domain, "OVERLAP", timedelta(0))
    last = hooks.act("rotate_webhook_secret", hook)
    hooks.hear(numbered([2]))
    wait_for(receiver, [1, 2])
    receiver.taken[1].verify(last["secret"])
    with pytest.raises(WebhookVerificationError):
        receiver.taken[1].verify(rotated["secret"])


def test_a_secret_is_told_once(hooks, receiver):
    key, asked = "key-of-mine", {"url": receiver.url}
    first = hooks.system.do("notifications", "create_webhook", asked, key=key)
    again = hooks.system.do("notifications", "create_webhook", asked, key=key)
    assert (again["id"], "secret" in again, first["secret"][:6]) == (first["id"], False, "whsec_")
    assert "secret" not in hooks.get(first)


def test_neither_secret_nor_address_lies_open_in_the_store(hooks, receiver, tmp_path):
    hook = hooks.create(receiver)
    hooks.act("rotate_webhook_secret", hook)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "notifications").glob("events.db*"))
    assert hook["id"].encode() in kept
    assert b"whsec_" not in kept
    assert b"sesame" not in kept


def test_a_ping_is_sent_and_seen(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.act("ping_webhook", hook)
    [ping] = eventually(lambda: [r for r in receiver.taken if r.event["type"] == "WebhookPinged"])
    ping.verify(hook["secret"])
    [attempt] = eventually(lambda: hooks.attempts(hook, event_id=ping.event["id"]))
    assert (attempt["kind"], attempt["outcome"], attempt["status"]) == ("ping", "delivered", 200)


def test_the_list_of_deliveries_says_what_was_answered_without_personal_data_and_is_bounded(
    hooks, receiver, monkeypatch
):
    def behave(handler, _request):
        body = "Неизвестный клиент Кравцов, +79161234567, kravtsov@romashka.example: error 42".encode()
        handler.send_response(422)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    receiver.behave = behave
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL, subjects=1))
    hooks.until(hook, "paused")
    attempts = hooks.attempts(hook, outcome="refused")
    assert [attempt["attempt"] for attempt in attempts] == [5, 4, 3, 2, 1]
    assert {attempt["status"] for attempt in attempts} == {422}
    assert all("42" in attempt["answer"] for attempt in attempts)
    for personal in ("Кравцов", "7916", "kravtsov"):
        assert personal not in str(attempts)
    monkeypatch.setattr(book, "KEPT_ATTEMPTS", 20)
    receiver.behave = lambda _handler, _request: 200
    hooks.act("resume_webhook", hook)
    wait_for(receiver, ALL)
    hooks.reached(hook, 60)
    assert [attempt["position"] for attempt in hooks.attempts(hook)] == ALL[:-21:-1]
    first = hooks.do("list_webhook_deliveries", {"webhook_id": hook["id"], "limit": 15})
    rest = hooks.do("list_webhook_deliveries", {"webhook_id": hook["id"], "limit": 15, "cursor": first["next"]})
    assert [one["position"] for page in (first, rest) for one in page["items"]] == ALL[:-21:-1]
    assert rest["next"] is None


# Again


def test_a_receiver_that_has_lost_a_day_is_sent_the_same_set_again(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:20]))
    hooks.reached(hook, 20)
    since = clock.now()
    lost = [replace(one, recorded_at=clock.now()) for one in numbered(ALL[20:40])]
    hooks.hear(lost)
    hooks.reached(hook, 40)
    until = clock.now()
    hooks.hear([replace(one, recorded_at=clock.now()) for one in numbered(ALL[40:])])
    hooks.reached(hook, 60)
    had = {
        request.event["id"]: request.body for request in receiver.taken if 20 < request.event["data"]["number"] <= 40
    }
    receiver.taken.clear()
    begun = hooks.act("replay_webhook", hook, since=clock.to_iso(since), until=clock.to_iso(until))
    assert begun["replay"]["until"]["/reestr/deals"] == 40
    eventually(lambda: hooks.get(hook)["replay"] is None)
    assert {request.event["id"]: request.body for request in receiver.taken} == had
    assert {request.headers["webhook-id"] for request in receiver.taken} == had.keys()
    assert len(receiver.taken) == 20
    assert in_order(receiver.numbers())


def test_a_range_of_positions_is_sent_again_beside_what_is_new(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:40]))
    hooks.reached(hook, 40)
    receiver.taken.clear()
    hooks.act("replay_webhook", hook, source="/reestr/deals", after_position=10, until_position=30)
    hooks.hear(numbered(ALL[40:]))
    wait_for(receiver, [*ALL[10:30], *ALL[40:]])
    eventually(lambda: hooks.get(hook)["replay"] is None)
    assert {attempt["kind"] for attempt in hooks.attempts(hook, event_id="deals-60")} == {"event"}
    assert {attempt["kind"] for attempt in hooks.attempts(hook, event_id="deals-11")} == {"event", "replay"}


def test_one_replay_at_a_time_and_it_waits_for_its_receiver_too(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL))
    hooks.reached(hook, 60)
    receiver.taken.clear()
    receiver.behave = lambda _handler, _request: 500
    hooks.act("replay_webhook", hook, source="/reestr/deals")
    hooks.until(hook, "paused")
    arguments = {"webhook_id": hook["id"], "source": "/reestr/deals"}
    refused = hooks.system.refusal("notifications", "replay_webhook", arguments, hooks.get(hook)["version"])
    assert refused["type"] == "replay-running"
    receiver.behave = lambda _handler, _request: 200
    hooks.act("resume_webhook", hook)
    wait_for(receiver, ALL)
    eventually(lambda: hooks.get(hook)["replay"] is None)


def test_a_service_that_is_started_again_goes_on_where_it_was(hooks, receiver):
    hook = hooks.create(receiver)
    hooks.hear(numbered(ALL[:30]))
    hooks.reached(hook, 30)
    hooks.system.reopen("notifications")
    hooks.hear(numbered(ALL[30:]))
    hooks.begin()
    wait_for(receiver, ALL)
    assert len(receiver.taken) == len(ALL)


def test_a_restart_does_not_shorten_a_pause(hooks, receiver, monkeypatch):
    monkeypatch.setattr(domain, "PAUSES", (timedelta(hours=1),))
    receiver.behave = lambda _handler, _request: 500
    hook = hooks.create(receiver)
    hooks.hear(numbered([1]))
    eventually(lambda: hooks.get(hook)["failures"] == 1)
    hooks.system.reopen("notifications")
    hooks.begin()
    time.sleep(0.3)
    assert hooks.get(hook)["failures"] == 1
    assert len(receiver.requests) == 2


# Rights and personal data


def test_who_sees_only_some_rows_has_no_webhooks(hooks, receiver):
    narrow = Rights(users=frozenset({"user-1"}))
    hook = hooks.create(receiver)
    calls = {
        "create_webhook": {"url": receiver.url},
        "change_webhook": {"webhook_id": hook["id"], "description": "x"},
        "cancel_webhook": {"webhook_id": hook["id"]},
        "replay_webhook": {"webhook_id": hook["id"], "source": "/reestr/deals"},
        "get_webhook": {"webhook_id": hook["id"]},
        "list_webhooks": {},
        "list_webhook_deliveries": {"webhook_id": hook["id"]},
    }
    for call, arguments in calls.items():
        context = replace(call_context(version=2), rights=narrow)
        answer = hooks.system.ask("notifications", call, arguments, context)
        assert answer["problem"]["status"] == 403, call


def _client(whole, **fields):
    card = {"kind": "individual", "name": "Кравцов Илья", "emails": ["kravtsov@romashka.example"]}
    client = whole.system.do("clients", "create_client", {**card, "phones": ["8 916 123-45-67"], **fields})
    whole.system.deliver()
    return client


def test_personal_fields_are_open_and_masked_for_whom_they_are_masked(whole, receiver, other):
    whole.create(receiver, sources=[])
    masked = replace(call_context(), rights=Rights(masked=frozenset({"email", "phone"})))
    whole.system.ask("notifications", "create_webhook", {"url": other.url, "types": ["ClientCreated"]}, masked)
    eventually(lambda: len(whole.deliverer._lanes) == 2)
    _client(whole)
    [event] = eventually(lambda: receiver.events)
    assert event["data"]["emails"] == [{"address": "kravtsov@romashka.example", "valid": True}]
    assert "sealed" not in event["data"]
    [event] = eventually(lambda: other.events)
    assert event["data"]["name"] == "Кравцов Илья"
    assert "kravtsov" not in str(event["data"])
    assert "1234567" not in str(event["data"]).replace("-", "")


def test_what_was_erased_stays_erased_when_it_is_sent_again(whole, receiver):
    hook = whole.create(receiver, sources=[], types=["ClientCreated"])
    client = _client(whole)
    eventually(lambda: receiver.events)
    receiver.taken.clear()
    whole.runtime.keyring.destroy(PersonKey(client["id"], "relation"))
    whole.act("replay_webhook", hook, source="/reestr/clients")
    [event] = eventually(lambda: receiver.events)
    assert event["data"]["erased"] is True
    assert "Кравцов" not in str(event)
    assert event["data"]["emails"] is None


def test_who_changes_a_webhook_owns_it_and_his_masks_hold(hooks, receiver):
    hook = hooks.create(receiver)
    context = replace(call_context(version=2), actor="user-2", rights=Rights(masked=frozenset({"phone"})))
    arguments = {"webhook_id": hook["id"], "description": "склад"}
    changed = hooks.system.ask("notifications", "change_webhook", arguments, context)["result"]
    assert (changed["owner_id"], changed["description"]) == ("user-2", "склад")
    [event] = hooks.system.events("notifications", "WebhookChanged")
    assert event.masked == ("phone",)


def test_when_its_owner_is_deactivated_a_webhook_is_paused(whole, receiver, other):
    user = whole.system.do("gateway", "create_user", {"name": "Петров", "role": "integration"})
    theirs = replace(call_context(), actor=user["id"])
    asked = {"url": receiver.url, "sources": ["/reestr/deals"]}
    hook = whole.system.ask("notifications", "create_webhook", asked, theirs)["result"]
    kept = whole.create(other)
    whole.until(hook, "active")
    whole.system.do("gateway", "deactivate_user", {"user_id": user["id"]}, version=user["version"])
    whole.system.deliver()
    assert whole.until(hook, "paused")["reason"] == "owner-deactivated"
    assert whole.get(kept)["state"] == "active"


@pytest.mark.parametrize("what", ["his role", "what his role may"])
def test_when_its_owner_may_something_else_a_webhook_is_paused_until_somebody_resumes_it(whole, receiver, other, what):
    do = whole.system.do
    rows = dict.fromkeys(ROW_RESOURCES, "all")
    facts = {"permissions": ["events.read", "webhooks.write"], "rows": rows, "masked": []}
    role = do("gateway", "create_role", {"id": "exchange", "name": "Обмен", **facts})
    user = do("gateway", "create_user", {"name": "Петров", "role": "exchange"})
    theirs = replace(call_context(), actor=user["id"])
    hook = whole.system.ask("notifications", "create_webhook", {"url": receiver.url}, theirs)["result"]
    kept = whole.create(other)
    whole.until(hook, "active")
    if what == "his role":
        do("gateway", "change_user_role", {"user_id": user["id"], "role": "auditor"}, version=user["version"])
    else:
        named = {"role_id": "exchange", "name": "Обмен с 1С", **facts}
        renamed = do("gateway", "change_role", named, version=role["version"])
        whole.system.deliver()
        time.sleep(0.2)
        assert whole.get(hook)["state"] == "active"
        do("gateway", "change_role", {**named, "masked": ["phone"]}, version=renamed["version"])
    whole.system.deliver()
    assert whole.until(hook, "paused")["reason"] == "owner-role-changed"
    assert whole.get(kept)["state"] == "active"
    resuming = replace(
        call_context(version=whole.get(hook)["version"]), actor="user-2", rights=Rights(masked=frozenset({"phone"}))
    )
    resumed = whole.system.ask("notifications", "resume_webhook", {"webhook_id": hook["id"]}, resuming)["result"]
    assert (resumed["owner_id"], whole.until(hook, "active")["id"]) == ("user-2", hook["id"])
    [event] = whole.system.events("notifications", "WebhookChanged")
    assert event.masked == ("phone",)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.romashka.example/",
        "https://user:secret@hooks.romashka.example/",
        "https://10.0.0.1/",
        "https://hooks.romashka.example:22/",
        "ftp://127.0.0.1/",
    ],
)
def test_an_address_that_leads_inside_is_refused_at_once(hooks, url):
    refused = hooks.system.refusal("notifications", "create_webhook", {"url": url})
    assert (refused["status"], refused["errors"][0]["field"]) == (422, "url")


def test_there_is_a_limit_to_webhooks(hooks, receiver, monkeypatch):
    monkeypatch.setattr("services.notifications.handlers.MOST_WEBHOOKS", 2)
    first = hooks.create(receiver)
    hooks.create(receiver)
    assert hooks.system.refusal("notifications", "create_webhook", {"url": receiver.url})["type"] == "too-many-webhooks"
    hooks.act("cancel_webhook", first)
    hooks.create(receiver)
    listed = hooks.do("list_webhooks", {"state": "active"})["items"]
    assert len(listed) == 2

import threading
import time
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.kernel import clock
from services.kernel.metrics import watch_effects
from services.kernel.reactions import Effect, Outcome, Plan, Reaction, Unclear
from services.kernel.reactions.operator import EffectOver, EffectRunning
from services.kernel.store.claims import Append, Key, StoreUnavailable, StreamEvents
from tests.kernel.reactions.world import LetterLost, LetterSent, Office, Outside, context, eventually, sending

SOON = timedelta(milliseconds=20)


def trace(office: Office, order_id: str) -> list[str]:
    return [name.removeprefix("Effect") for name in office.traces().get(order_id, [])]


def failing(times: int, outside: Outside, error: Exception):
    """Fails so many times before it does its work."""
    left = [times]

    def send(arguments, _tools, context):
        if left[0] > 0:
            left[0] -= 1
            raise error
        outside.do(arguments["order_id"], context)
        return Outcome()

    return send


def test_the_outcome_is_recorded_with_its_events_in_one_append(office: Office, outside):
    office.start([sending(outside)])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", "Begun", "Succeeded"])
    succeeded, sent = office.store.read_after(3)
    assert (succeeded.event.result, sent.event) == ({"sent": "one"}, LetterSent("one"))


def test_a_failure_is_tried_again_after_longer_and_longer_pauses(office: Office, outside):
    send = failing(2, outside, ConnectionError("no route to mail.example.com"))
    office.start([sending(outside, run=send, pause=timedelta(seconds=0.2))])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", *["Begun", "Failed"] * 2, "Begun", "Succeeded"])
    first, second = [e for e in office.store.read_after(0) if e.type == "EffectFailed"]
    assert (first.event.attempt, second.event.attempt) == (1, 2)
    assert first.event.error.startswith("ConnectionError")
    assert second.event.retry_at - second.recorded_at > first.event.retry_at - first.recorded_at
    assert {key for _what, key in outside.done} == {first.subject}


def test_an_error_is_kept_without_what_may_be_personal(office: Office, outside):
    send = failing(1, outside, ValueError("Иванов <ivan@example.com> refused"))
    office.start([sending(outside, run=send, pause=SOON)])
    office.place("one")
    eventually(lambda: outside.things == ["one"])
    [failed] = [e.event for e in office.store.read_after(0) if e.type == "EffectFailed"]
    assert "ivan" not in failed.error
    assert "Иванов" not in failed.error


def test_after_the_last_attempt_the_operator_may_repeat_or_dismiss(office: Office, outside):
    def lost(_arguments, _tools, context, error):
        return [StreamEvents("letter:lost", -1, [LetterLost(error)])]

    send = failing(3, outside, ConnectionError())
    reactions = office.start([sending(outside, run=send, pause=SOON, attempts=2, on_failure=lost)])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", *["Begun", "Failed"] * 2])
    assert [e.event.error for e in office.store.read_stream("letter:lost")] == ["ConnectionError"]
    office.check_table()
    [standing] = reactions.standing()
    assert (standing.stage, standing.due_at, standing.error) == ("failed", None, "ConnectionError")
    reactions.repeat(standing.id, context())
    eventually(lambda: trace(office, "one")[-4:] == ["Begun", "Failed", "Begun", "Succeeded"])
    with pytest.raises(EffectOver):
        reactions.dismiss(standing.id, context())


def test_what_is_dismissed_never_runs(office: Office, outside):
    send = failing(1, outside, ConnectionError())
    reactions = office.start([sending(outside, run=send, pause=timedelta(seconds=0.3))])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", "Begun", "Failed"])
    [effect_id] = office.open()
    reactions.dismiss(effect_id, context())
    time.sleep(0.5)
    assert trace(office, "one") == ["Planned", "Begun", "Failed", "Dismissed"]
    assert (outside.things, office.open()) == ([], {})


def test_a_running_effect_can_be_neither_repeated_nor_dismissed(office: Office, outside):
    go_on = threading.Event()

    def send(_arguments, _tools, _context):
        go_on.wait(10)
        return Outcome()

    reactions = office.start([Effect("send", send, "leave")])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", "Begun"])
    [effect_id] = office.open()
    with pytest.raises(EffectRunning):
        reactions.repeat(effect_id, context())
    go_on.set()
    eventually(lambda: office.open() == {})


def test_an_effect_that_cannot_tell_is_unknown_and_left(office: Office, outside):
    def send(arguments, _tools, context):
        outside.do(arguments["order_id"], context)
        raise Unclear("the connection was lost after the letter was handed over")

    reactions = office.start([sending(outside, run=send)])
    office.place("one")
    eventually(lambda: [e.stage for e in reactions.standing()] == ["unknown"])
    time.sleep(0.3)
    assert trace(office, "one") == ["Planned", "Begun", "Unknown"]
    assert outside.things == ["one"]
    registry = CollectorRegistry()
    watch_effects(reactions.status, registry)
    assert registry.get_sample_value("reestr_open_effects", {"stage": "unknown"}) == 1
    assert registry.get_sample_value("reestr_effects_overdue_seconds") == 0


def test_the_outside_is_asked_what_became_of_an_attempt(office: Office, outside):
    answers = [ConnectionError(), "repeat", Outcome(result={"found": True})]

    def send(_arguments, _tools, _context):
        raise Unclear

    def ask(_arguments, _tools, _context):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    office.start([Effect("send", send, ask, pause=SOON)])
    office.place("one")
    expected = ["Planned", "Begun", "Unknown", "Unknown", "Begun", "Unknown", "Succeeded"]
    eventually(lambda: trace(office, "one") == expected)
    assert office.store.read_after(0)[-1].event.result == {"found": True}


def test_an_effect_unknown_too_often_is_left_to_the_operator(office: Office, outside):
    def send(_arguments, _tools, _context):
        raise Unclear

    reactions = office.start([Effect("send", send, "repeat", attempts=2, pause=SOON)])
    office.place("one")
    eventually(lambda: len(reactions.standing()) == 1)
    assert trace(office, "one") == ["Planned", "Begun", "Unknown", "Begun", "Unknown", "Unknown"]


def test_an_outcome_overtaken_by_another_decision_is_decided_again(office: Office, outside):
    def send(_arguments, _tools, _context):
        tried: list = []

        def decide():
            version = office.store.version("letter:one")
            if not tried:  # somebody else decides in between
                office.append("letter:one", LetterLost("by somebody else"))
            tried.append(version)
            return [StreamEvents("letter:one", version, [LetterSent("one")])]

        return Outcome(decide)

    office.start([Effect("send", send, "leave")])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", "Begun", "Succeeded"])
    assert [e.type for e in office.store.read_stream("letter:one")] == ["LetterLost", "LetterSent"]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome([StreamEvents("letter:one", 7, [LetterSent("one")])]),
        Outcome(result={"not": object()}),
        Outcome(claim=[Key("letter", "taken")]),
    ],
    ids=["conflict", "no JSON", "key taken"],
)
def test_an_outcome_that_cannot_be_recorded_is_unknown(office: Office, outside, outcome):
    office.append("letter:other", LetterSent("other"))
    if outcome.claim:
        office.store.append(Append(context(), [StreamEvents("letter:first", 0)], claim=outcome.claim))
    reactions = office.start([Effect("send", lambda *_: outcome, "leave")])
    office.place("one")
    eventually(lambda: len(reactions.standing()) == 1)
    assert trace(office, "one") == ["Planned", "Begun", "Unknown"]
    assert reactions.standing()[0].stage == "unknown"


def test_effects_run_side_by_side_up_to_a_bound(office: Office, outside):
    running, most = [], []
    lock, three = threading.Lock(), threading.Barrier(3, timeout=30)

    def send(arguments, _tools, context):
        with lock:
            running.append(arguments["order_id"])
            most.append(len(running))
        three.wait()
        with lock:
            running.remove(arguments["order_id"])
        outside.do(arguments["order_id"], context)
        return Outcome()

    office.start([Effect("send", send, "leave")], concurrency=3)
    office.place(*map(str, range(12)))
    eventually(lambda: len(outside.things) == 12)
    assert max(most) == 3


def test_an_effect_is_told_its_time_limit_and_who_asked(office: Office, outside):
    told = []

    def send(_arguments, tools, context):
        told.append((tools, context))
        return Outcome()

    office.start([Effect("send", send, "leave", limit=timedelta(seconds=7))], tools="tools")
    office.place("one")
    eventually(lambda: len(told) == 1)
    tools, given = told[0]
    assert tools == "tools"
    assert timedelta(seconds=5) < given.deadline - clock.now() <= timedelta(seconds=7)
    assert given.principal == "reaction:letters"


def test_effects_of_a_name_not_known_any_more_hold_up_nothing(office: Office, outside):
    first = office.start([sending(outside, run=failing(9, outside, ConnectionError()), pause=SOON)])
    office.place("old")
    eventually(lambda: trace(office, "old")[:3] == ["Planned", "Begun", "Failed"])
    first.stop()

    def plan(placed, _tools):
        return [Plan("post", {"order_id": placed.subject})]

    office.start(
        [Effect("post", sending(outside).run, "leave")], [Reaction("letters", "office", {"OrderPlaced": plan})]
    )
    office.place("new")
    eventually(lambda: outside.things == ["new"] and len(office.open()) == 1)


def test_what_was_begun_and_lost_inside_the_process_is_found(office: Office, outside):
    """A greenlet that is killed leaves no outcome and no exception that could be recorded."""

    class Killed(BaseException):
        pass

    def send(arguments, _tools, context):
        outside.do(arguments["order_id"], context)
        raise Killed

    previous, threading.excepthook = threading.excepthook, lambda _: None
    try:
        reactions = office.start([sending(outside, run=send)])
        office.place("one")
        eventually(lambda: [e.stage for e in reactions.standing()] == ["unknown"])
    finally:
        threading.excepthook = previous
    assert outside.things == ["one"]
    office.check_table()


def test_an_outcome_outlives_a_database_that_is_away(office: Office, outside, monkeypatch):
    append = office.store.append
    away: list = []

    def lost_at_first(one):
        if any(type(event).__name__ == "EffectSucceeded" for s in one.streams for event in s.events) and len(away) < 3:
            away.append(one)
            raise StoreUnavailable
        return append(one)

    monkeypatch.setattr(office.store, "append", lost_at_first)
    office.start([sending(outside)])
    office.place("one")
    eventually(lambda: trace(office, "one") == ["Planned", "Begun", "Succeeded"])
    assert (outside.things, len(away)) == (["one"], 3)

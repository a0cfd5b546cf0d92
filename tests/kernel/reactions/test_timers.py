import threading

import pytest

from services.kernel.errors import Refusal
from services.kernel.reactions import DueCommand, Timer
from services.kernel.store.claims import AlreadyDone, Append, Idempotency, StreamEvents
from tests.kernel.reactions.world import LetterSent, Office, eventually


def executing(office: Office, issued: list):
    """Carries out `send_letter` as a service does: once for each idempotency key."""

    def execute(command, arguments, context):
        issued.append((command, context))
        claim = Idempotency(context.principal, context.idempotency_key, "-", arguments["order_id"])
        letter = StreamEvents(f"letter:{arguments['order_id']}", 0, [LetterSent(arguments["order_id"])])
        try:
            office.store.append(Append(context, [letter], idempotency=claim))
        except AlreadyDone:
            return

    return execute


def due(*order_ids):
    return lambda _connection, _now: [DueCommand("send_letter", {"order_id": o}, f"{o}:reminder") for o in order_ids]


def test_what_is_due_becomes_a_command_and_is_issued_until_it_shows(office: Office):
    issued: list = []
    timer = Timer("reminders", due("one", "two"), every=0.02)
    office.start([], [], timers=[timer], execute=executing(office, issued))
    eventually(lambda: len(issued) >= 6)
    assert [e.stream for e in office.store.read_after(0)] == ["letter:one", "letter:two"]
    context = issued[0][1]
    assert (context.principal, context.idempotency_key) == ("timer:reminders", "one:reminder")


def test_many_replicas_do_it_once(open_office):
    issued: list = []
    timer = Timer("reminders", due(*map(str, range(20))), every=0.01)
    offices = [open_office() for _ in range(3)]
    for office in offices:
        office.start([], [], timers=[timer], execute=executing(office, issued))
    eventually(lambda: len(issued) >= 60)
    streams = [e.stream for e in offices[0].store.read_after(0)]
    assert sorted(streams) == sorted(f"letter:{n}" for n in range(20))


@pytest.mark.parametrize("error", [Refusal(), ZeroDivisionError()])
def test_a_command_that_fails_does_not_keep_the_others_from_being_issued(office: Office, error):
    done = threading.Event()

    def execute(_command, arguments, _context):
        if arguments["order_id"] == "bad":
            raise error
        done.set()

    office.start([], [], timers=[Timer("reminders", due("bad", "good"), every=5)], execute=execute)
    assert done.wait(5)


def test_a_timer_that_fails_does_not_keep_the_others_from_looking(office: Office):
    issued: list = []

    def broken(_connection, _now):
        raise ZeroDivisionError

    timers = [Timer("broken", broken, every=0.02), Timer("reminders", due("one"), every=0.02)]
    office.start([], [], timers=timers, execute=executing(office, issued))
    eventually(lambda: len(issued) >= 2)

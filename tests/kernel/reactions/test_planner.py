from datetime import timedelta

import sqlalchemy as sa

from services.kernel import clock
from services.kernel.events import UnknownEventType
from services.kernel.reactions import Effect, Outcome, Plan, Reaction, planner
from services.kernel.store import tables as t
from services.kernel.store.claims import StoreUnavailable
from tests.kernel.reactions.world import LETTERS, LetterSent, Office, context, eventually, sending

DONE = ["EffectPlanned", "EffectBegun", "EffectSucceeded"]
FAILED = ["EffectPlanned", "EffectBegun", "EffectFailed"]


def test_a_new_reaction_starts_at_the_head(office: Office, outside):
    office.place("before")
    office.start([sending(outside)])
    office.place("after")
    eventually(lambda: outside.things == ["after"])
    eventually(lambda: office.traces() == {"after": DONE})


def test_a_reaction_that_was_stopped_takes_up_what_came_meanwhile(office: Office, outside):
    office.start([sending(outside)]).stop()
    office.place("meanwhile")
    office.start([sending(outside)])
    eventually(lambda: outside.things == ["meanwhile"])


def test_a_reaction_new_to_an_empty_store_misses_nothing_after_a_restart(office: Office, outside):
    office.start([sending(outside)]).stop()
    assert office.store.head().position == 0
    office.place("first")
    office.start([sending(outside)])
    eventually(lambda: outside.things == ["first"])


def test_what_a_foreign_source_recorded_before_a_reaction_was_new_is_passed_over(office: Office, bank, outside):
    bank.pay("received before")
    reaction = Reaction("thanks", "bank", {"PaymentReceived": LETTERS.on["OrderPlaced"]})
    office.start([sending(outside)], [reaction])
    bank.pay("recorded long before, received late", clock.now() - timedelta(hours=1))
    bank.pay("new")
    eventually(lambda: outside.things == ["new"])


def test_a_message_seen_again_plans_nothing_again(office: Office, outside):
    office.start([sending(outside)]).stop()
    office.place("one", "two")
    first = office.start([sending(outside)])
    eventually(lambda: len(office.traces()) == 2 and not office.open())
    first.stop()
    with office.store.database.write() as connection:  # the checkpoint is lost, the claims are not
        connection.execute(sa.update(t.checkpoints).values(position=0))
    office.place("three")
    office.start([sending(outside)])
    eventually(lambda: len(office.traces()) == 3 and not office.open())
    assert office.traces() == {"one": DONE, "two": DONE, "three": DONE}
    assert sorted(outside.things) == ["one", "three", "two"]


def test_planning_and_the_checkpoint_are_one_append(office: Office, outside):
    reactions = office.start([sending(outside)])
    office.place("one")
    eventually(lambda: outside.things == ["one"])
    assert office.store.checkpoint("reaction:letters:office") == 1
    assert reactions.status()["planned_to"]["office"] >= 1


def test_one_cause_may_have_several_effects_told_apart_by_keys(office: Office, outside):
    def plan(placed, _tools):
        return [Plan("send", {"order_id": f"{placed.subject} {copy}"}, key=copy) for copy in ("a", "b")]

    office.start([sending(outside)], [Reaction("copies", "office", {"OrderPlaced": plan})])
    office.place("one")
    eventually(lambda: sorted(outside.things) == ["one a", "one b"])


def test_an_effect_due_later_waits_for_its_time(office: Office, outside):
    due_at = clock.now() + timedelta(seconds=0.7)
    begun_at = []

    def plan(placed, _tools):
        return [Plan("send", {"order_id": placed.subject}, due_at=due_at)]

    def send(_arguments, _tools, _context):
        begun_at.append(clock.now())
        return Outcome()

    office.start([Effect("send", send, "leave")], [Reaction("later", "office", {"OrderPlaced": plan})])
    office.place("one")
    eventually(lambda: len(office.open()) == 1)
    eventually(lambda: begun_at != [])
    assert due_at <= begun_at[0] < due_at + timedelta(seconds=1)


def test_the_chain_of_causes_goes_on_through_an_effect(office: Office, outside):
    office.start([sending(outside)])
    office.place("one")
    eventually(lambda: office.traces().get("one") == DONE)
    placed, planned, begun, succeeded, sent = office.store.read_after(0)
    assert (placed.type, planned.type, sent.type) == ("OrderPlaced", "EffectPlanned", "LetterSent")
    assert {e.correlation_id for e in (placed, planned, begun, succeeded, sent)} == {placed.correlation_id}
    assert {e.causation_id for e in (planned, begun, succeeded, sent)} == {placed.id}


def test_a_plan_that_fails_is_planned_again_and_holds_up_nothing(office: Office, outside):
    broken = {"bad"}

    def plan(placed, _tools):
        if placed.subject in broken:
            raise KeyError(placed.subject)
        return [Plan("send", {"order_id": placed.subject})]

    reactions = office.start([sending(outside)], [Reaction("letters", "office", {"OrderPlaced": plan})])
    office.place("bad", "good")
    eventually(lambda: outside.things == ["good"])
    eventually(lambda: office.traces().get("1") == FAILED)
    eventually(lambda: len(office.open()) == 1)
    broken.clear()
    [effect_id] = office.open()
    reactions.repeat(effect_id, context())
    eventually(lambda: outside.things == ["good", "bad"])
    eventually(lambda: office.open() == {})


def test_a_plan_of_an_effect_that_does_not_exist_is_such_a_failure(office: Office, outside):
    def plan(placed, _tools):
        return [Plan("nothing", {})]

    office.start([sending(outside)], [Reaction("letters", "office", {"OrderPlaced": plan})])
    office.place("one")
    eventually(lambda: office.traces().get("1") == FAILED)


def test_an_event_that_cannot_be_read_is_planned_once_it_can(office: Office, outside, monkeypatch):
    """As after a release that forgot an upcaster."""
    decode = office.store.registry.decode
    unreadable = ['"unreadable"']

    def forgetful(name, schema_version, payload, personal=None):
        if any(title in payload for title in unreadable) and name == "OrderPlaced":
            raise UnknownEventType(name)
        return decode(name, schema_version, payload, personal)

    monkeypatch.setattr(office.store.registry, "decode", forgetful)
    reactions = office.start([sending(outside)])
    office.place("unreadable", "good")
    eventually(lambda: outside.things == ["good"])
    eventually(lambda: office.traces() == {"1": FAILED, "good": DONE})
    unreadable.clear()
    [effect_id] = office.open()
    reactions.repeat(effect_id, context())
    eventually(lambda: sorted(outside.things) == ["good", "unreadable"])


def test_the_checkpoint_is_saved_where_nothing_is_planned_too(office: Office, outside, monkeypatch):
    monkeypatch.setattr(planner, "SAVE_EVERY", 0.05)
    office.start([sending(outside)])
    head = [office.append(f"letter:{n}", LetterSent(str(n))) for n in range(3)][-1]
    eventually(lambda: office.store.checkpoint("reaction:letters:office") == head)


def test_a_store_that_is_away_holds_up_planning_and_loses_nothing(office: Office, outside, monkeypatch):
    append = office.store.append
    away: list = []

    def lost_at_first(one):
        if one.checkpoint and len(away) < 2:
            away.append(one)
            raise StoreUnavailable
        return append(one)

    monkeypatch.setattr(office.store, "append", lost_at_first)
    office.start([sending(outside)])
    office.place("one", "two")
    eventually(lambda: sorted(outside.things) == ["one", "two"])
    assert len(away) == 2

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.deals.commands import ChangeDeal, ChangeDealStage, Line, OpenDeal, RecordDealPayment
from services.deals.domain.deal import (
    Deal,
    DealAlreadyClosed,
    ReasonRequired,
    change_deal,
    change_deal_stage,
    evolve,
    open_deal,
    record_deal_payment,
)
from services.deals.domain.pipeline import DEFAULT, UnknownPipeline, UnknownStage
from services.deals.events import (
    DealChanged,
    DealLost,
    DealOpened,
    DealPaid,
    DealPaymentChanged,
    DealStageChanged,
    DealWon,
)
from services.kernel.events import Registry
from services.kernel.money import AmountTooLarge, total_of

TABLE = Line("Стол", Decimal(2), Decimal("48900.00"))
CHAIR = Line("Стул", Decimal(12), Decimal("11450.50"))
OPEN = OpenDeal("c-1", "Мебель", (TABLE,), manager_id="u-1", source="Сайт", deal_id="d-1")


def deal(*events: Any) -> Deal:
    [state] = [evolve(None, event) for event in open_deal(OPEN)]
    for event in events:
        state = evolve(state, event)
    return state


def moved(state: Deal, stage: str, reason: str = "") -> Deal:
    for event in change_deal_stage(state, ChangeDealStage(state.id, stage, reason)):
        state = evolve(state, event)
    return state


def test_a_deal_opens_in_the_first_stage_with_the_sum_of_its_lines():
    [opened] = open_deal(OPEN)
    assert opened == DealOpened(
        "d-1", "c-1", "default", "new", (TABLE,), Decimal("97800.00"), "RUB", None, "u-1", "Сайт", "Мебель"
    )


def test_a_deal_may_begin_without_lines():
    [opened] = open_deal(OpenDeal("c-1", "Запрос", deal_id="d-1"))
    assert isinstance(opened, DealOpened)
    assert (opened.lines, opened.amount) == ((), Decimal("0.00"))


def test_an_unknown_pipeline_is_blamed():
    with pytest.raises(UnknownPipeline) as refused:
        open_deal(OpenDeal("c-1", "Запрос", pipeline="nonsense"))
    assert refused.value.errors[0].field == "pipeline"


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ((), "0.00"),
        ((Line("a", Decimal("0.333333"), Decimal("0.03")),), "0.01"),
        ((Line("a", Decimal("0.5"), Decimal("0.01")),) * 3, "0.03"),
        ((Line("a", Decimal("999999999.999999"), Decimal("999.99")),), "999990000000.00"),
    ],
)
def test_every_line_is_rounded_by_itself_and_exact_at_any_size(lines, amount):
    assert total_of(lines) == Decimal(amount)


def test_a_deal_that_no_document_could_hold_is_refused_by_the_line():
    dear = Line("a", Decimal(1), Decimal("999999999999.99"))
    with pytest.raises(AmountTooLarge) as refused:
        open_deal(OpenDeal("c-1", "Запрос", (dear, Line("b", Decimal(1), Decimal("0.01")))))
    assert refused.value.errors[0].field == "lines.1"
    with pytest.raises(AmountTooLarge):
        change_deal(deal(), ChangeDeal("d-1", {"lines": (dear, TABLE)}))
    assert open_deal(OpenDeal("c-1", "Запрос", (dear,)))


def test_only_what_really_changes_is_said_to_change():
    assert change_deal(deal(), ChangeDeal("d-1", {"title": "Мебель", "lines": (TABLE,)})) == []
    [changed] = change_deal(deal(), ChangeDeal("d-1", {"title": "Кухня", "lines": (TABLE, CHAIR), "source": "Сайт"}))
    assert changed == DealChanged(
        "d-1",
        "c-1",
        ("lines", "title"),
        {"lines": (TABLE,)},
        {"lines": (TABLE, CHAIR)},
        Decimal("235206.00"),
        "Мебель",
        "Кухня",
    )


def test_without_new_lines_the_sum_stays():
    [changed] = change_deal(deal(), ChangeDeal("d-1", {"manager_id": None}))
    assert isinstance(changed, DealChanged)
    assert changed.amount == Decimal("97800.00")


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_a_closed_deal_is_not_changed(stage):
    closed = moved(deal(), stage, "дорого")
    with pytest.raises(DealAlreadyClosed):
        change_deal(closed, ChangeDeal("d-1", {"title": "Кухня"}))
    assert change_deal(closed, ChangeDeal("d-1", {"title": "Мебель"})) == []


def test_a_deal_moves_from_stage_to_stage_and_says_from_where_to_where():
    [event] = change_deal_stage(deal(), ChangeDealStage("d-1", "offer"))
    assert event == DealStageChanged("d-1", "c-1", "default", "new", "offer", Decimal("97800.00"), "RUB", None)
    assert change_deal_stage(deal(event), ChangeDealStage("d-1", "offer")) == []
    [back] = change_deal_stage(deal(event), ChangeDealStage("d-1", "new", "клиент передумал"))
    assert isinstance(back, DealStageChanged)
    assert (back.stage_before, back.stage_after, back.reason) == ("offer", "new", "клиент передумал")


def test_an_unknown_stage_is_blamed():
    with pytest.raises(UnknownStage) as refused:
        change_deal_stage(deal(), ChangeDealStage("d-1", "nonsense"))
    assert refused.value.errors[0].field == "stage"


def test_a_won_deal_says_so_beside_its_stage():
    events = change_deal_stage(deal(), ChangeDealStage("d-1", "won"))
    assert [type(event) for event in events] == [DealStageChanged, DealWon]
    assert events[1] == DealWon("d-1", "c-1", Decimal("97800.00"), "RUB")


def test_a_lost_deal_needs_a_reason_and_keeps_it():
    with pytest.raises(ReasonRequired) as refused:
        change_deal_stage(deal(), ChangeDealStage("d-1", "lost"))
    assert refused.value.errors[0].field == "reason"
    events = change_deal_stage(deal(), ChangeDealStage("d-1", "lost", "дорого"))
    assert events[1] == DealLost("d-1", "c-1", Decimal("97800.00"), "RUB", "дорого")


@pytest.mark.parametrize("closed", ["won", "lost"])
@pytest.mark.parametrize("stage", [stage.name for stage in DEFAULT.stages])
def test_a_closed_deal_stays_where_it_is(closed, stage):
    state = moved(deal(), closed, "дорого")
    if stage == closed:
        assert change_deal_stage(state, ChangeDealStage("d-1", stage, "ещё")) == []
    else:
        with pytest.raises(DealAlreadyClosed):
            change_deal_stage(state, ChangeDealStage("d-1", stage, "ещё"))


def paid(invoice: str, amount: str, left: str = "0.00", version: int = 3) -> RecordDealPayment:
    return RecordDealPayment("d-1", invoice, version, Decimal(amount), Decimal(left))


def told(state: Deal, *commands: RecordDealPayment) -> Deal:
    for command in commands:
        for event in record_deal_payment(state, command):
            state = evolve(state, event)
    return state


def paid_of(state: Deal) -> Decimal:
    return sum((invoice.paid for invoice in state.invoices.values()), Decimal("0.00"))


def test_a_deal_that_waits_for_its_payment_is_won_by_it():
    events = record_deal_payment(moved(deal(), "payment"), paid("i-1", "97800.00"))
    assert [type(event) for event in events] == [DealPaymentChanged, DealPaid, DealStageChanged, DealWon]


def test_a_part_of_a_payment_is_noted_and_wins_nothing():
    [changed] = record_deal_payment(moved(deal(), "payment"), paid("i-1", "97799.99", left="0.01"))
    assert changed == DealPaymentChanged(
        "d-1", "c-1", "i-1", 3, Decimal("0.00"), Decimal("97799.99"), Decimal("97799.99"), "RUB"
    )


def test_the_first_of_two_invoices_wins_nothing_yet():
    state = moved(deal(), "payment")
    events = record_deal_payment(state, paid("i-1", "48900.00"))
    assert [type(event) for event in events] == [DealPaymentChanged, DealPaid]
    events = record_deal_payment(told(state, paid("i-1", "48900.00")), paid("i-2", "48900.00"))
    assert [type(event) for event in events] == [DealPaymentChanged, DealPaid, DealStageChanged, DealWon]


@pytest.mark.parametrize("stage", ["new", "fulfilment", "won", "lost"])
def test_a_deal_in_another_stage_only_notes_its_payment(stage):
    events = record_deal_payment(moved(deal(), stage, "дорого"), paid("i-1", "97800.00"))
    assert events[1:] == [DealPaid("d-1", "c-1", "i-1", Decimal("97800.00"), "RUB")]


def test_the_same_word_on_an_invoice_is_noted_once():
    state = told(moved(deal(), "payment"), paid("i-1", "97800.00"))
    assert record_deal_payment(state, paid("i-1", "97800.00")) == []
    assert record_deal_payment(state, paid("i-2", "5.00"))


def test_money_taken_back_is_paid_no_more_and_the_deal_stays_where_it_is():
    state = told(moved(deal(), "payment"), paid("i-1", "97800.00"), paid("i-1", "0.00", "97800.00", version=5))
    assert (state.stage, paid_of(state)) == ("won", Decimal("0.00"))


WORDS = [
    paid(invoice, amount, "1.00", version)
    for invoice, amount, version in [("i-1", "10.00", 3), ("i-1", "25.50", 4), ("i-1", "10.00", 5), ("i-2", "7.00", 3)]
]


@given(st.permutations(WORDS), st.lists(st.sampled_from(WORDS), max_size=3))
def test_in_whatever_order_and_however_often_the_newest_word_counts(words, again):
    assert paid_of(told(deal(), *words, *again)) == Decimal("17.00")


LINES = st.builds(
    Line,
    st.text("абв ", max_size=5),
    st.decimals(0, 999, places=6),
    st.decimals(0, 99999, places=2),
    vat_rate=st.sampled_from([None, "22", "none"]),
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text("абв", max_size=5),
        "lines": st.lists(LINES, max_size=3).map(tuple),
        "manager_id": st.none() | st.just("u-2"),
    },
)


@given(st.lists(CHANGES, max_size=4))
def test_changes_come_out_of_the_store_as_they_went_in(many):
    registry = Registry([DealChanged])
    state = deal()
    for changes in many:
        for event in change_deal(state, ChangeDeal("d-1", changes)):
            encoded = registry.encode(event)
            personal = {name: value for part in encoded.personal.values() for name, value in part.items()}
            stored = msgspec.json.decode(msgspec.json.encode(personal))
            state = evolve(state, registry.decode(encoded.type, 1, encoded.payload, stored))
        assert change_deal(state, ChangeDeal("d-1", changes)) == []
        assert state.amount == total_of(state.fields["lines"])

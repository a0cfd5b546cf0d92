from dataclasses import replace
from decimal import Decimal

import pytest

from services.deals.domain.deal import Deal
from services.deals.domain.hand_over import HandOver, evolve, hand_deal, note_handed, take_back
from services.deals.events import DealChanged, DealHandOverStarted, DealsHandedOver, HandedDeal

FIELDS = {"title": "Кухня", "lines": (), "organisation_id": None, "manager_id": "u-1", "source": ""}
DEAL = Deal("d-1", "c-1", "default", "offer", Decimal("100.00"), "RUB", FIELDS)
STARTED = DealHandOverStarted("o-1", "u-3", "u-1", "u-2", ("d-1", "d-2", "d-3"))
HAND_OVER = HandOver("o-1", "u-3", "u-1", "u-2", ("d-1", "d-2", "d-3"))


def test_an_open_deal_of_the_leaver_becomes_the_successors():
    outcome, [changed] = hand_deal(DEAL, HAND_OVER)
    assert outcome == "handed_over"
    assert isinstance(changed, DealChanged)
    assert (changed.before, changed.after) == ({"manager_id": "u-1"}, {"manager_id": "u-2"})


@pytest.mark.parametrize(
    ("deal", "outcome"),
    [
        (replace(DEAL, stage="won"), "unchanged"),
        (replace(DEAL, stage="lost"), "unchanged"),
        (replace(DEAL, fields={**FIELDS, "manager_id": "u-2"}), "unchanged"),
        (replace(DEAL, fields={**FIELDS, "manager_id": "u-9"}), "conflict"),
        (replace(DEAL, fields={**FIELDS, "manager_id": None}), "conflict"),
    ],
    ids=["won", "lost", "the successor's", "a third one's", "nobody's"],
)
def test_what_is_closed_or_in_other_hands_stays_there(deal, outcome):
    assert hand_deal(deal, HAND_OVER) == (outcome, [])


def test_what_went_over_goes_back_the_last_first():
    [first] = note_handed(HAND_OVER, [HandedDeal("d-1", "handed_over"), HandedDeal("d-2", "unchanged")])
    state = evolve(evolve(None, STARTED), first)
    assert (state.done, state.handed) == (2, ("d-1",))
    [last] = note_handed(state, [HandedDeal("d-3", "handed_over")])
    assert last == DealsHandedOver("o-1", 3, (HandedDeal("d-3", "handed_over"),))
    back = take_back(evolve(state, last), "o-2", "u-4")
    assert back == DealHandOverStarted("o-2", "u-4", "u-2", "u-1", ("d-3", "d-1"), reverts="o-1")


def test_with_nothing_left_nothing_is_noted():
    assert note_handed(HAND_OVER, []) == []

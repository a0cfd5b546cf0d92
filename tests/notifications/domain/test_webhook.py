"""Given events, when a command, then events or a refusal."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce

import pytest

from services.kernel.clock import now
from services.kernel.errors import Forbidden
from services.kernel.rights import EVERYTHING, Rights
from services.notifications.commands import CreateWebhook
from services.notifications.domain import webhook as webhooks
from services.notifications.events import (
    WebhookCancelled,
    WebhookChanged,
    WebhookConfirmed,
    WebhookPaused,
    WebhookReplayed,
    WebhookReplayEnded,
    WebhookResumed,
    WebhookSecretRotated,
)

COMMAND = CreateWebhook("https://a.example/", types=("DealWon",), webhook_id="w-1")
CREATED = webhooks.create_webhook(COMMAND, "u-1", (), {"deals": 5}, "whsec_old")
CONFIRMED, PAUSED = WebhookConfirmed("w-1"), WebhookPaused("w-1", "u-1", "failing")
RESUMED, CANCELLED = WebhookResumed("w-1"), WebhookCancelled("w-1")
REPLAYED = WebhookReplayed("w-1", "r-1", {"deals": 0}, {"deals": 5})


def after(*events):
    state = reduce(webhooks.evolve, [*CREATED, *events], None)
    assert state is not None
    return state


def test_a_webhook_waits_for_its_receivers_consent():
    assert after().state == "pending"
    assert webhooks.confirm_webhook(after(), 1) == [CONFIRMED]
    assert after(CONFIRMED).state == "active"


def test_a_consent_that_comes_too_late_is_none():
    assert webhooks.confirm_webhook(after(CONFIRMED), 1) == []
    assert webhooks.confirm_webhook(after(PAUSED, RESUMED), 1) == []
    assert webhooks.confirm_webhook(after(PAUSED, RESUMED), 2) == [CONFIRMED]


def test_after_another_address_consent_is_needed_again():
    [changed] = webhooks.change_webhook(after(CONFIRMED), {"url": "https://b.example/"}, "u-1", ())
    moved = after(CONFIRMED, changed)
    assert (moved.state, moved.confirmed, moved.round, moved.url) == ("pending", False, 2, "https://b.example/")
    assert after(CONFIRMED, PAUSED, changed).state == "paused"
    assert after(CONFIRMED, PAUSED, changed, RESUMED).state == "pending"


def test_other_changes_need_no_consent_and_none_is_no_event():
    [changed] = webhooks.change_webhook(after(CONFIRMED), {"types": ("DealLost",)}, "u-1", ())
    assert isinstance(changed, WebhookChanged)
    state = after(CONFIRMED, changed)
    assert (state.state, state.types, state.round) == ("active", ("DealLost",), 1)
    assert webhooks.change_webhook(after(CONFIRMED), {"types": ("DealWon",)}, "u-1", ()) == []


def test_a_pause_is_one_and_resumption_goes_on_where_it_was():
    assert webhooks.pause_webhook(after(CONFIRMED), "failing") == [PAUSED]
    assert webhooks.pause_webhook(after(PAUSED), "asked") == []
    assert webhooks.resume_webhook(after(CONFIRMED), "u-1", ()) == []
    resumed = after(CONFIRMED, PAUSED, RESUMED)
    assert (resumed.state, resumed.round) == ("active", 2)
    assert after(PAUSED, RESUMED).state == "pending"


def test_two_secrets_sign_while_they_overlap():
    moment = now()
    [rotated] = webhooks.rotate_webhook_secret(after(), "whsec_new", moment)
    assert rotated == WebhookSecretRotated("w-1", moment + webhooks.OVERLAP, "whsec_new")
    state = after(rotated)
    assert state.keys(moment) == ("whsec_new", "whsec_old")
    assert state.keys(moment + webhooks.OVERLAP) == ("whsec_new",)
    assert after().keys(moment) == ("whsec_old",)


def test_one_replay_at_a_time():
    assert webhooks.replay_webhook(after(), "r-1", {"deals": 0}, {"deals": 5}) == [REPLAYED]
    with pytest.raises(webhooks.ReplayRunning):
        webhooks.replay_webhook(after(REPLAYED), "r-2", {}, {})
    assert webhooks.end_webhook_replay(after(REPLAYED), "r-2") == []
    [ended] = webhooks.end_webhook_replay(after(REPLAYED), "r-1")
    assert after(REPLAYED, ended).replay is None
    assert ended == WebhookReplayEnded("w-1", "r-1")


def test_nothing_is_done_to_a_cancelled_webhook():
    cancelled = after(CANCELLED)
    assert webhooks.cancel_webhook(cancelled) == []
    assert webhooks.pause_webhook(cancelled, "asked") == []
    for act in (
        lambda: webhooks.change_webhook(cancelled, {"description": "x"}, "u-1", ()),
        lambda: webhooks.resume_webhook(cancelled, "u-1", ()),
        lambda: webhooks.rotate_webhook_secret(cancelled, "whsec_", now()),
        lambda: webhooks.replay_webhook(cancelled, "r", {}, {}),
        lambda: webhooks.ping_webhook(cancelled),
    ):
        with pytest.raises(webhooks.WebhookIsCancelled):
            act()


def test_only_an_active_webhook_is_pinged():
    with pytest.raises(webhooks.WebhookNotActive):
        webhooks.ping_webhook(after())
    assert len(webhooks.ping_webhook(after(CONFIRMED))) == 1


def test_filters_narrow_and_empty_ones_do_not():
    asked = replace(after(), sources=("deals",), subjects=("d-1",))
    assert asked.wants("deals", "DealWon", "d-1")
    assert not asked.wants("clients", "DealWon", "d-1")
    assert not asked.wants("deals", "DealLost", "d-1")
    assert not asked.wants("deals", "DealWon", "d-2")
    assert replace(after(), types=()).wants("clients", "ClientCreated", "c-1")


def test_the_attempts_take_longer_than_a_weekend_and_end_with_a_day_between_them():
    assert sum(webhooks.PAUSES, timedelta()) > timedelta(days=3)
    assert list(webhooks.PAUSES) == sorted(webhooks.PAUSES)
    assert webhooks.PAUSES[-1] >= timedelta(hours=24)


def test_streams_are_for_those_who_see_the_whole_base():
    webhooks.check_rights(EVERYTHING)
    with pytest.raises(Forbidden):
        webhooks.check_rights(Rights(users=frozenset({"u-1"})))

"""What follows when webhooks are asked for: the receiver's consent, a ping, an owner who has left."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.claims import StreamEvents
from services.notifications.adapters.webhooks import Answer
from services.notifications.domain import webhook as webhooks
from services.notifications.handlers import WEBHOOK
from services.notifications.queries import webhooks_in
from services.notifications.reactions.webhooks.book import note
from services.notifications.reactions.webhooks.lane import Decide
from services.notifications.reactions.webhooks.sender import Sender, own_message

CHALLENGES = 10  # with the pauses between them, for more than an hour


class NoConsent(Exception):
    """The receiver has not answered the challenge."""


def on_webhook_asked_for(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    """Of a change or resumption that needs no consent the effect makes nothing."""
    return [Plan("confirm_webhook", {"webhook_id": recorded.subject})]


def run_confirm_webhook(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    webhook = tools.load(WEBHOOK, arguments["webhook_id"], context).state
    if webhook.state != "pending":
        return Outcome()
    challenge = secrets.token_urlsafe(24)
    message = own_message("WebhookChallenged", webhook, {"challenge": challenge})
    answer = _send(tools, webhook, message, "challenge")
    if answer is None or not _consents(answer, challenge):
        raise NoConsent(answer.status if answer else "no answer")
    return _decided(tools, context, webhook.id, lambda now: webhooks.confirm_webhook(now, webhook.round))


def _consents(answer: Answer, challenge: str) -> bool:
    """The challenge alone, as text or as `{"challenge": …}`: what merely repeats all that it was
    sent has agreed to nothing."""
    if not answer.accepted:
        return False
    if answer.body.strip() == challenge.encode():
        return True
    try:
        return bool(msgspec.json.decode(answer.body) == {"challenge": challenge})
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def no_consent(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    loaded = tools.load(WEBHOOK, arguments["webhook_id"], context)
    if loaded.state.state != "pending":
        return ()
    return [StreamEvents(loaded.stream, loaded.version, webhooks.pause_webhook(loaded.state, "not-confirmed"))]


def on_webhook_pinged(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    return [Plan("ping_webhook", {"webhook_id": recorded.subject})]


def run_ping_webhook(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Once, whatever is answered: the list of deliveries shows it."""
    webhook = tools.load(WEBHOOK, arguments["webhook_id"], context).state
    if webhook.state == "active":
        _send(tools, webhook, own_message("WebhookPinged", webhook, {}), "ping")
    return Outcome()


def on_user_deactivated(message: Message, _tools: Tools) -> Sequence[Plan]:
    return [Plan("pause_webhooks_of", {"user_id": message.subject})]


def run_pause_webhooks_of(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """What was sent by the rights of somebody who has none any more is sent no longer."""
    with tools.read() as connection:
        owned = webhooks_in(connection, "active", "pending", owner_id=arguments["user_id"])

    def decide() -> list[StreamEvents]:
        loaded = [tools.load(WEBHOOK, id, context) for id in owned]
        return [
            StreamEvents(at.stream, at.version, webhooks.pause_webhook(at.state, "owner-deactivated")) for at in loaded
        ]

    return Outcome(decide)


def _send(tools: Tools, webhook: webhooks.Webhook, message: Message, kind: str) -> Answer | None:
    loopback = tools.settings.webhooks_to_loopback
    sender = Sender(webhook, loopback=loopback, opened=lambda same: same)
    try:
        sent = sender.send(message, kind)
    finally:
        sender.close()
    note(tools.store.database, webhook.id, sent.attempt)
    return sent.answer


def _decided(tools: Tools, context: Context, webhook_id: str, decide: Decide) -> Outcome:
    def events() -> list[StreamEvents]:
        loaded = tools.load(WEBHOOK, webhook_id, context)
        return [StreamEvents(loaded.stream, loaded.version, decide(loaded.state))]

    return Outcome(events)


REACTIONS = (
    Reaction(
        "confirm_webhook",
        source="notifications",
        on={
            "WebhookCreated": on_webhook_asked_for,
            "WebhookChanged": on_webhook_asked_for,
            "WebhookResumed": on_webhook_asked_for,
        },
    ),
    Reaction("ping_webhook", source="notifications", on={"WebhookPinged": on_webhook_pinged}),
    Reaction("pause_webhooks_of", source="gateway", on={"UserDeactivated": on_user_deactivated}),
)

EFFECTS = (
    Effect(
        "confirm_webhook",
        run_confirm_webhook,
        on_unknown="repeat",
        attempts=CHALLENGES,
        pause=timedelta(seconds=10),
        on_failure=no_consent,
    ),
    Effect("ping_webhook", run_ping_webhook, on_unknown="repeat", attempts=2),
    Effect("pause_webhooks_of", run_pause_webhooks_of, on_unknown="repeat"),
)

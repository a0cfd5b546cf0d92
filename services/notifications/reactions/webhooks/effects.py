"""What follows when webhooks are asked for: the receiver's consent, a ping, an owner who may no more what he might."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.claims import StreamEvents
from services.notifications.adapters.webhooks import Answer
from services.notifications.domain import webhook as webhooks
from services.notifications.handlers import WEBHOOK
from services.notifications.queries import webhook_owners, webhooks_in
from services.notifications.reactions.webhooks.book import note
from services.notifications.reactions.webhooks.lane import Decide
from services.notifications.reactions.webhooks.sender import Sender, own_message

ROLE_CHANGED = "owner-role-changed"
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
    return [Plan("pause_webhooks_of", {"user_id": message.subject, "reason": "owner-deactivated"})]


def on_user_role_changed(message: Message, _tools: Tools) -> Sequence[Plan]:
    return [Plan("pause_webhooks_of", {"user_id": message.subject, "reason": ROLE_CHANGED})]


def on_role_changed(message: Message, _tools: Tools) -> Sequence[Plan]:
    """A new role has no owners yet, and another name of one changes nothing."""
    before, after = message.data["before"], message.data["after"]
    if before is None or {**before, "name": ""} == {**after, "name": ""}:
        return []
    return [Plan("pause_webhooks_of_role", {"role": message.subject})]


def run_pause_webhooks_of(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """What was sent by rights that their owner has no more is sent no longer; who resumes it has
    it sent by his own."""
    return _paused(tools, context, {arguments["user_id"]}, arguments["reason"])


def run_pause_webhooks_of_role(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    with tools.read() as connection:
        owners = webhook_owners(connection)
    of_role = [id for id in owners if _role(tools, id, context) == arguments["role"]]
    return _paused(tools, context, of_role, ROLE_CHANGED)


def _role(tools: Tools, user_id: str, context: Context) -> str | None:
    """The user's role by now; None where there is no such user."""
    try:
        role: str = tools.call("gateway", "get_user", {"user_id": user_id}, context)["result"]["role"]
    except Refusal as refusal:
        if refusal.status != NotFound.status:
            raise
        return None
    return role


def _paused(tools: Tools, context: Context, owners: Iterable[str], reason: str) -> Outcome:
    with tools.read() as connection:
        owned = [id for owner in owners for id in webhooks_in(connection, "active", "pending", owner_id=owner)]

    def decide() -> list[StreamEvents]:
        loaded = [tools.load(WEBHOOK, id, context) for id in owned]
        return [StreamEvents(at.stream, at.version, webhooks.pause_webhook(at.state, reason)) for at in loaded]

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
    Reaction(
        "pause_webhooks_of",
        source="gateway",
        on={
            "UserDeactivated": on_user_deactivated,
            "UserRoleChanged": on_user_role_changed,
            "RoleChanged": on_role_changed,
        },
    ),
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
    Effect("pause_webhooks_of_role", run_pause_webhooks_of_role, on_unknown="repeat"),
)

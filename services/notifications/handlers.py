"""Load, decide, append: one function per command."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from services.kernel.clock import to_micros
from services.kernel.commands import Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Refusal
from services.kernel.received import received, sources
from services.kernel.store.aggregates import Aggregate, Loaded
from services.kernel.store.tables import events as own
from services.notifications.commands import (
    CancelWebhook,
    ChangeWebhook,
    CreateWebhook,
    PauseWebhook,
    PingWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateWebhookSecret,
)
from services.notifications.domain import webhook as webhooks
from services.notifications.domain.webhook_secret import new_secret
from services.notifications.domain.webhook_url import checked_url
from services.notifications.queries import count_webhooks

WEBHOOK: Aggregate[webhooks.Webhook] = Aggregate("webhook", webhooks.Webhook, webhooks.evolve)
MOST_WEBHOOKS = 50


class TooManyWebhooks(Refusal):
    ru = "Вебхуков не может быть больше {most}; отмените ненужные"
    en = "There cannot be more than {most} webhooks; cancel those that are not needed"


def create_webhook(tools: Tools, command: CreateWebhook, context: Context) -> Written:
    webhooks.check_rights(context.rights)
    url = checked_url(command.url, loopback=tools.settings.webhooks_to_loopback)
    with tools.read() as connection:
        if count_webhooks(connection) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(most=MOST_WEBHOOKS)
    start = _heads(tools) if command.start == "now" else {}
    secret = new_secret()
    created = replace(command, url=url)
    events = webhooks.create_webhook(created, context.actor, _masked(context), start, secret)
    written = tools.append(context, tools.begin(WEBHOOK, command.webhook_id), events)
    return replace(written, reveal={"secret": secret})


def change_webhook(tools: Tools, command: ChangeWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    changes = dict(command.changes)
    if "url" in changes:
        changes["url"] = checked_url(changes["url"], loopback=tools.settings.webhooks_to_loopback)
    events = webhooks.change_webhook(loaded.state, changes, context.actor, _masked(context))
    return tools.append(context, loaded, events)


def cancel_webhook(tools: Tools, command: CancelWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    return tools.append(context, loaded, webhooks.cancel_webhook(loaded.state))


def pause_webhook(tools: Tools, command: PauseWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    return tools.append(context, loaded, webhooks.pause_webhook(loaded.state, "asked"))


def resume_webhook(tools: Tools, command: ResumeWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    return tools.append(context, loaded, webhooks.resume_webhook(loaded.state, context.actor, _masked(context)))


def rotate_webhook_secret(tools: Tools, command: RotateWebhookSecret, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    secret = new_secret()
    written = tools.append(context, loaded, webhooks.rotate_webhook_secret(loaded.state, secret, context.now))
    return replace(written, reveal={"secret": secret})


def replay_webhook(tools: Tools, command: ReplayWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    after, until = _range(tools, command)
    events = webhooks.replay_webhook(loaded.state, command.replay_id, after, until)
    return tools.append(context, loaded, events)


def ping_webhook(tools: Tools, command: PingWebhook, context: Context) -> Written:
    loaded = _load(tools, command.webhook_id, context)
    return tools.append(context, loaded, webhooks.ping_webhook(loaded.state))


def _load(tools: Tools, webhook_id: str, context: Context) -> Loaded[webhooks.Webhook]:
    webhooks.check_rights(context.rights)
    return tools.load(WEBHOOK, webhook_id, context)


def _masked(context: Context) -> tuple[str, ...]:
    return tuple(sorted(context.rights.masked))


def _heads(tools: Tools) -> dict[str, int]:
    """By source, how far this service has heard of it; of the own store its head."""
    with tools.store.database.read() as connection:
        heard = {row.source: row.position for row in connection.execute(sa.select(sources))}
    return {**heard, tools.store.name: tools.store.head().position}


def _range(tools: Tools, command: ReplayWebhook) -> tuple[Mapping[str, int], Mapping[str, int]]:
    heads = _heads(tools)
    named = heads.keys() & {command.source} if command.source else heads.keys()
    after = {source: _position_before(tools, source, command.since) for source in named}
    until = {source: heads[source] for source in named}
    if command.until is not None:
        until = {source: _position_before(tools, source, command.until) for source in named}
    if command.source in named:
        after[command.source] = max(after[command.source], command.after_position)
        if command.until_position is not None:
            until[command.source] = min(until[command.source], command.until_position)
    return after, until


def _position_before(tools: Tools, source: str, moment: datetime | None) -> int:
    """The last position of a source that was recorded before a time; 0 where none is named."""
    if moment is None:
        return 0
    earlier = received.c.recorded_at < to_micros(moment)
    query = sa.select(sa.func.max(received.c.position)).where(received.c.source == source, earlier)
    if source == tools.store.name:
        query = sa.select(sa.func.max(own.c.position)).where(own.c.recorded_at < to_micros(moment))
    with tools.store.database.read() as connection:
        return connection.execute(query).scalar() or 0

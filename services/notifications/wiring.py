"""The notifications service's table of contents."""

from services.kernel.commands import CommandSpec
from services.kernel.history import dated
from services.kernel.wiring import QuerySpec, Service, history, many, one
from services.notifications import events, handlers, queries, schemas
from services.notifications.projections import DOCUMENTS, MESSAGES, NOTICES, RECIPIENTS, WEBHOOKS
from services.notifications.published import CONTRACT, PUBLISHED
from services.notifications.reactions import EFFECTS, REACTIONS
from services.notifications.reactions.webhooks.deliverer import Deliverer

SERVICE = Service(
    name="notifications",
    events=(
        *CONTRACT,
        events.NoticePlanned,
        events.NoticeSent,
        events.NoticeFailed,
        events.WebhookCreated,
        events.WebhookChanged,
        events.WebhookSecretRotated,
        events.WebhookConfirmed,
        events.WebhookResumed,
        events.WebhookReplayed,
        events.WebhookReplayEnded,
        events.WebhookPinged,
        events.WebhookCancelled,
    ),
    published=PUBLISHED,
    contract=CONTRACT,
    commands={
        "create_webhook": CommandSpec(
            schemas.CreateWebhookSchema, handlers.create_webhook, "get_webhook", changes=False
        ),
        "change_webhook": CommandSpec(schemas.ChangeWebhookSchema, handlers.change_webhook, "get_webhook"),
        "cancel_webhook": CommandSpec(schemas.CancelWebhookSchema, handlers.cancel_webhook, "get_webhook"),
        "pause_webhook": CommandSpec(schemas.PauseWebhookSchema, handlers.pause_webhook, "get_webhook"),
        "resume_webhook": CommandSpec(schemas.ResumeWebhookSchema, handlers.resume_webhook, "get_webhook"),
        "rotate_webhook_secret": CommandSpec(
            schemas.RotateWebhookSecretSchema, handlers.rotate_webhook_secret, "get_webhook"
        ),
        "replay_webhook": CommandSpec(schemas.ReplayWebhookSchema, handlers.replay_webhook, "get_webhook"),
        "ping_webhook": CommandSpec(schemas.PingWebhookSchema, handlers.ping_webhook, "get_webhook"),
    },
    queries={
        "get_message": one(schemas.GetMessageSchema, queries.MESSAGES, schemas.MessageView),
        "list_message_history": history(schemas.GetMessageSchema, queries.MESSAGES),
        "list_messages": many(schemas.ListMessagesSchema, queries.MESSAGES, schemas.MessageView),
        "get_notice": one(schemas.GetNoticeSchema, queries.NOTICES, schemas.NoticeView),
        "list_notice_history": history(schemas.GetNoticeSchema, queries.NOTICES),
        "list_notices": many(schemas.ListNoticesSchema, queries.NOTICES, schemas.NoticeView),
        "get_webhook": QuerySpec(
            dated(schemas.GetWebhookSchema),
            queries.get_webhook,
            schemas.WebhookView,
            resource=queries.WEBHOOKS,
            of_tools=True,
            dated=True,
        ),
        "list_webhook_history": history(schemas.GetWebhookSchema, queries.WEBHOOKS),
        "list_webhooks": QuerySpec(
            schemas.ListWebhooksSchema,
            queries.list_webhooks,
            schemas.WebhookView,
            many=True,
            resource=queries.WEBHOOKS,
            of_tools=True,
        ),
        "list_webhook_deliveries": QuerySpec(
            schemas.ListWebhookDeliveriesSchema,
            queries.list_webhook_deliveries,
            schemas.WebhookDeliveryView,
            many=True,
            of_tools=True,
        ),
    },
    projections=(MESSAGES, NOTICES, RECIPIENTS, DOCUMENTS, WEBHOOKS),
    reactions=REACTIONS,
    effects=EFFECTS,
    hears=("clients", "deals", "documents", "gateway", "reporting"),
    workers=(Deliverer,),
)

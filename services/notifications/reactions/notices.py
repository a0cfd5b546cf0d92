"""Notices to users, planned first and sent then: to heads, when somebody exports data; to the
owner of a webhook that was paused; to the assignee of a task, ahead of its time."""

from collections.abc import Mapping, Sequence
from datetime import date
from email.headerregistry import Address
from typing import Any
from uuid import UUID, uuid5

from services.kernel.clock import from_iso
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.aggregates import Aggregate
from services.kernel.store.claims import StreamEvents
from services.notifications.adapters import smtp
from services.notifications.domain import notice as notices
from services.notifications.domain.notice_letters import NOTICES, noticed
from services.notifications.events import NoticePlanned
from services.notifications.reactions.mail import WEEKEND, hand_over

NOTICE: Aggregate[notices.Notice] = Aggregate("notice", notices.Notice, notices.evolve)


def on_export_completed(message: Message, tools: Tools) -> Sequence[Plan]:
    data = message.data
    facts = {name: data[name] for name in ("export_id", "resource", "format", "rows", "requested_by")}
    at = message.occurred_at.astimezone(tools.settings.time_zone)
    return [Plan("plan_export_notices", {**facts, "at": f"{at:%d.%m.%Y %H:%M}"})]


def run_plan_export_notices(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Who is told is asked of the gateway and recorded, before anything is sent."""
    exporter = arguments["requested_by"]
    asked = {"user_id": exporter, "permission": "exports.read", "resource": arguments["resource"]}
    watchers = tools.call("gateway", "list_watchers", asked, context)["result"]["items"]
    about = tools.call("gateway", "get_user", {"user_id": exporter}, context)["result"]["name"]
    return Outcome([_planned("export_completed", one, arguments, context, exporter, about) for one in watchers])


def on_webhook_paused(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    event = recorded.event
    facts = {"webhook_id": event.webhook_id, "owner_id": event.owner_id, "reason": event.reason}
    return [Plan("plan_webhook_notice", facts)] if noticed(facts) else []


def run_plan_webhook_notice(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    owner = tools.call("gateway", "get_user", {"user_id": arguments["owner_id"]}, context)["result"]
    if not owner["active"]:
        return Outcome()
    return Outcome([_planned("webhook_paused", {**owner, "user_id": owner["id"]}, arguments, context)])


def on_task_reminder_due(message: Message, tools: Tools) -> Sequence[Plan]:
    """Personal text stays out of the plan; it is read again when the notice is planned."""
    data = message.data
    due_on = date.fromisoformat(data["due_date"])
    due = f"{due_on:%d.%m.%Y}"
    if data["due_at"]:
        due = f"{from_iso(data['due_at']).astimezone(tools.settings.time_zone):%d.%m.%Y %H:%M}"
    facts = {name: data[name] for name in ("task_id", "client_id", "assignee_id")}
    return [Plan("plan_task_notice", {**facts, "due": due})]


def run_plan_task_notice(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """To the assignee alone, as long as he works here and the task is to be done."""
    assignee = tools.call("gateway", "get_user", {"user_id": arguments["assignee_id"]}, context)["result"]
    task = tools.call("clients", "get_task", {"task_id": arguments["task_id"]}, context)["result"]
    if not assignee["active"] or task["state"] != "open" or task["assignee_id"] != arguments["assignee_id"]:
        return Outcome()
    user = {**assignee, "user_id": assignee["id"]}
    about_id = arguments["client_id"] or user["user_id"]
    return Outcome([_planned("task_reminder", user, arguments, context, about_id, task["title"])])


def _planned(
    template: str,
    user: Mapping[str, Any],
    facts: Arguments,
    context: Context,
    about_id: str | None = None,
    about: str | None = None,
) -> StreamEvents:
    """Planned once for each effect and user."""
    assert context.idempotency_key is not None
    notice_id = str(uuid5(UUID(context.idempotency_key), user["user_id"]))
    planned = NoticePlanned(notice_id, user["user_id"], template, facts, about_id, user["email"], user["name"], about)
    return StreamEvents(NOTICE.stream(notice_id), 0, notices.plan_notice(planned))


def on_notice_planned(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    planned: NoticePlanned = recorded.event
    return [Plan("send_notice", {"notice_id": planned.notice_id})] if planned.address else []


def run_send_notice(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    notice = tools.load(NOTICE, arguments["notice_id"], context).state
    if notice.address is None:
        return _ended(tools, context, notice.id, reason="erased")
    letter = NOTICES[notice.template](notice)
    sender = Address("Reestr", addr_spec=tools.settings.notice_sender)
    mail = smtp.compose(sender, notice.address, letter.subject, letter.text, notice.id, ())
    return _ended(tools, context, notice.id, reason=hand_over(tools, mail))


def _ended(tools: Tools, context: Context, notice_id: str, reason: str) -> Outcome:
    def decide() -> list[StreamEvents]:
        notice = tools.load(NOTICE, notice_id, context)
        ended = notices.notice_failed(notice.state, reason) if reason else notices.notice_sent(notice.state)
        return [StreamEvents(notice.stream, notice.version, ended)]

    return Outcome(decide)


def gave_up(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    notice = tools.load(NOTICE, arguments["notice_id"], context)
    return [StreamEvents(notice.stream, notice.version, notices.notice_failed(notice.state, "gave-up"))]


REACTIONS = (
    Reaction("plan_export_notices", source="reporting", on={"ExportCompleted": on_export_completed}),
    Reaction("plan_webhook_notice", source="notifications", on={"WebhookPaused": on_webhook_paused}),
    Reaction("plan_task_notice", source="clients", on={"TaskReminderDue": on_task_reminder_due}),
    Reaction("send_notice", source="notifications", on={"NoticePlanned": on_notice_planned}),
)

EFFECTS = (
    Effect("plan_export_notices", run_plan_export_notices, on_unknown="repeat", attempts=WEEKEND),
    Effect("plan_webhook_notice", run_plan_webhook_notice, on_unknown="repeat"),
    Effect("plan_task_notice", run_plan_task_notice, on_unknown="repeat"),
    Effect("send_notice", run_send_notice, on_unknown="leave", attempts=WEEKEND, on_failure=gave_up),
)

"""Letters to clients, planned first and sent then."""

from base64 import b64decode
from collections.abc import Sequence
from datetime import date, timedelta
from email.headerregistry import Address
from typing import Any

from services.kernel.clock import company_today
from services.kernel.commands import Tools
from services.kernel.context import Context
from services.kernel.events import Recorded
from services.kernel.message import Message
from services.kernel.reactions import Arguments, Effect, Outcome, Plan, Reaction
from services.kernel.store.aggregates import Aggregate
from services.kernel.store.claims import StreamEvents
from services.notifications.adapters import smtp
from services.notifications.domain import message as messages
from services.notifications.domain.letters import LETTERS
from services.notifications.events import Attachment, MessagePlanned
from services.notifications.queries import find_invoice_file, find_organisation, find_recipient
from services.notifications.reactions.mail import WEEKEND, hand_over

MESSAGE: Aggregate[messages.ClientMessage] = Aggregate("message", messages.ClientMessage, messages.evolve)
PDF = "application/pdf"
CHUNK = 1024 * 1024


class NotYetKnown(Exception):
    """What the letter needs has not arrived yet; the next attempt will see it."""


def on_payment_overdue(message: Message, _tools: Tools) -> Sequence[Plan]:
    names = ("client_id", "document_id", "organisation_id", "number", "date", "due_date", "amount", "currency")
    return [Plan("plan_overdue_letter", {name: message.data[name] for name in names})]


def run_plan_overdue_letter(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    """Gathers what the letter is made of and records it; nothing is sent yet."""
    client_id, document_id = arguments["client_id"], arguments["document_id"]
    with tools.read() as connection:
        recipient = find_recipient(connection, client_id)
        organisation = find_organisation(connection, arguments["organisation_id"])
        invoice = find_invoice_file(connection, document_id)
    if recipient is None or organisation is None or invoice is None:
        raise NotYetKnown(document_id)
    name, sender = organisation
    number = arguments["number"].replace("/", "-")
    attachments = (
        Attachment("documents", invoice[0], f"Счёт № {number}.pdf", PDF, invoice[1]),
        _reconciliation(arguments, tools, context),
    )
    assert context.idempotency_key is not None
    planned = MessagePlanned(
        context.idempotency_key,
        client_id,
        "email",
        "payment_overdue",
        document_id,
        {**arguments, "organisation": name, "sender": sender},
        attachments,
        recipient.address,
        recipient.name,
    )
    events: list[Any] = [planned]
    if recipient.address is None or not sender:
        reason = "no-sender" if recipient.address else "no-address"
        events += messages.message_failed(messages.evolve(None, planned), reason)
    return Outcome([StreamEvents(MESSAGE.stream(planned.message_id), 0, events)])


def _reconciliation(arguments: Arguments, tools: Tools, context: Context) -> Attachment:
    """The act for the year so far, made by the documents service once for this letter."""
    today = company_today()
    asked = {
        "client_id": arguments["client_id"],
        "organisation_id": arguments["organisation_id"],
        "date_from": min(date(today.year, 1, 1), date.fromisoformat(arguments["date"])).isoformat(),
        "date_to": today.isoformat(),
        "currency": arguments["currency"],
    }
    made = tools.call("documents", "prepare_reconciliation", asked, context)["result"]
    return Attachment("documents", made["pdf"], "Акт сверки.pdf", PDF, made["pdf_size"])


def on_message_planned(recorded: Recorded, _tools: Tools) -> Sequence[Plan]:
    planned: MessagePlanned = recorded.event
    sendable = planned.address and planned.facts["sender"]
    return [Plan("send_message", {"message_id": planned.message_id})] if sendable else []


def run_send_message(arguments: Arguments, tools: Tools, context: Context) -> Outcome:
    message = tools.load(MESSAGE, arguments["message_id"], context).state
    if message.address is None:
        return _ended(tools, context, message.id, reason="erased")
    letter = LETTERS[message.template](message.recipient or "", message.facts)
    files = [smtp.File(a.name, a.media_type, _content(a, tools, context)) for a in message.attachments]
    sender = Address(message.facts["organisation"], addr_spec=message.facts["sender"])
    mail = smtp.compose(sender, message.address, letter.subject, letter.text, message.id, files)
    return _ended(tools, context, message.id, reason=hand_over(tools, mail))


def _content(attachment: Attachment, tools: Tools, context: Context) -> bytes:
    chunks = (
        tools.call(attachment.service, "file", {"hash": attachment.hash, "offset": offset}, context)["result"]
        for offset in range(0, attachment.size, CHUNK)
    )
    return b"".join(map(b64decode, chunks))


def _ended(tools: Tools, context: Context, message_id: str, reason: str = "") -> Outcome:
    def decide() -> list[StreamEvents]:
        message = tools.load(MESSAGE, message_id, context)
        sent = messages.message_sent(message.state, 1)
        events = messages.message_failed(message.state, reason) if reason else sent
        return [StreamEvents(message.stream, message.version, events)]

    return Outcome(decide)


def gave_up(arguments: Arguments, tools: Tools, context: Context, _error: str) -> Sequence[StreamEvents]:
    message = tools.load(MESSAGE, arguments["message_id"], context)
    return [StreamEvents(message.stream, message.version, messages.message_failed(message.state, "gave-up"))]


REACTIONS = (
    Reaction("plan_overdue_letter", source="documents", on={"PaymentOverdue": on_payment_overdue}),
    Reaction("send_message", source="notifications", on={"MessagePlanned": on_message_planned}),
)

EFFECTS = (
    Effect("plan_overdue_letter", run_plan_overdue_letter, on_unknown="repeat", pause=timedelta(seconds=2)),
    Effect("send_message", run_send_message, on_unknown="leave", attempts=WEEKEND, on_failure=gave_up),
)

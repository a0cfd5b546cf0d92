"""Sending mail by SMTP."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from services.kernel.clock import now

TIMEOUT = 20.0
ACCEPTED, FORWARDED = 250, 251
REFUSED = range(550, 560)


class AddressRefused(Exception):
    """The server says the address does not exist; trying again is of no use."""


class PerhapsSent(Exception):
    """The connection was lost after the letter was handed over and before the answer."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes


# As long as the standard allows: folding breaks encoded names in two and leaves a space in them.
_POLICY = policy.SMTP.clone(max_line_length=998)


def compose(sender: Address, to: str, subject: str, text: str, message_id: str, files: Sequence[File]) -> EmailMessage:
    """The letter; its Message-ID comes from the message's id, so a repetition is recognised."""
    mail = EmailMessage(_POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = f"<{message_id}@{sender.domain}>"
    mail.set_content(text)
    for file in files:
        maintype, _, subtype = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return mail


def send(url: str, mail: EmailMessage) -> None:
    """Hands the letter to the server at `smtp://[user:password@]host:port` (or `smtps://`).

    Raises `AddressRefused` when the recipient is refused for good, `PerhapsSent` when nobody
    knows, and `OSError` (of which `smtplib.SMTPException` is one) when it was not sent.
    """
    parts = urlsplit(url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname or "", parts.port or 25, timeout=TIMEOUT) as server:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        _address(server, mail)
        _hand_over(server, mail)


def _address(server: smtplib.SMTP, mail: EmailMessage) -> None:
    code, answer = server.mail(parseaddr(mail["From"])[1])
    if code != ACCEPTED:
        raise smtplib.SMTPSenderRefused(code, answer, "sender")
    code, answer = server.rcpt(parseaddr(mail["To"])[1])
    if code in REFUSED:
        raise AddressRefused(str(code))
    if code not in (ACCEPTED, FORWARDED):
        raise smtplib.SMTPResponseException(code, answer)


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        code, answer = server.data(mail.as_bytes())
    except smtplib.SMTPDataError:
        raise
    except OSError as error:
        raise PerhapsSent(type(error).__name__) from error
    if code != ACCEPTED:
        raise smtplib.SMTPDataError(code, answer)

"""Sending mail by SMTP."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

TIMEOUT = 20.0


class AddressRefused(Exception):
    """The server says the address does not exist; trying again is of no use."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes


def compose(sender: str, to: str, subject: str, text: str, message_id: str, files: Sequence[File]) -> EmailMessage:
    """The letter; its Message-ID comes from the message's id, so a repetition is recognised."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail.set_content(text)
    for file in files:
        maintype, _, subtype = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=file.name)
    return mail


def send(url: str, mail: EmailMessage) -> None:
    """Hands the letter to the server at `smtp://[user:password@]host:port` (or `smtps://`).

    Raises `AddressRefused` when the recipient is refused for good, and `OSError` or another
    `smtplib.SMTPException` when it may go through later.
    """
    parts = urlsplit(url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname or "", parts.port or 25, timeout=TIMEOUT) as server:
        if parts.username:
            if parts.scheme == "smtp":
                server.starttls()
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            if all(500 <= code < 600 for code in codes):
                raise AddressRefused(str(codes)) from refused
            raise

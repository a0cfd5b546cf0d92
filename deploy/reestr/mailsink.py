"""A mailbox instead of the outside world: takes every letter and keeps it in a Maildir."""

import asyncio
import mailbox
import signal
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import click
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.reestr.ports import LOOPBACK

MAX_LETTER = 32 * 1024 * 1024


class MaildirHandler:
    """Stores a letter before it is acknowledged, with the addresses of its envelope."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        letter = BytesParser(_class=EmailMessage, policy=SMTP_POLICY).parsebytes(envelope.original_content or b"")
        letter["X-Envelope-From"] = envelope.mail_from or ""
        letter["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self._maildir.add(letter)
        return "250 kept"


async def serve(host: str, port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    handler = MaildirHandler(folder)

    def session() -> SMTP:
        return SMTP(handler, data_size_limit=MAX_LETTER, enable_SMTPUTF8=True, hostname="localhost", loop=loop)

    server = await loop.create_server(session, host, port)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with server:
        await stopped.wait()


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--port", type=int, required=True)
@click.option("--maildir", type=click.Path(path_type=Path), required=True)
def main(host: str, port: int, maildir: Path) -> None:
    asyncio.run(serve(host, port, maildir))


if __name__ == "__main__":
    main()

"""A mail server of the test's own, which does as it is told."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from deploy.reestr.ports import free_ports


class Post:
    """Keeps the letters; `on_recipient` and `on_letter` are answers given instead of taking them."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.on_recipient = ""
        self.on_letter = ""
        self.hang_up = False
        self.port = free_ports(1)[0]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.on_recipient:
            return self.on_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's names
        if not self.on_letter:
            letter = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        if self.hang_up:
            server.transport.abort()
        return self.on_letter or "250 kept"


@pytest.fixture
def post() -> Iterator[Post]:
    office = Post()
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    yield office
    controller.stop()

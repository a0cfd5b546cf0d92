"""Phones and e-mail addresses: kept as written, with what is known of their validity."""

import re

from services.clients.commands.clients import GivenPhone
from services.clients.events.clients import Email, Phone
from services.kernel.codes import email_ok, phone_e164

_BETWEEN = re.compile(r"[;,\r\n]+")


def read_phone(given: str | GivenPhone) -> Phone:
    given = GivenPhone(given) if isinstance(given, str) else given
    written = " ".join(given.written.split())
    found = phone_e164(written)
    return Phone(written, found.number if found else None, given.kind)


def read_email(written: str) -> Email:
    address = " ".join(written.split())
    return Email(address, email_ok(address))


def split_contact_points(cell: str) -> tuple[str, ...]:
    """Several phones or addresses in one cell, each once; a space separates nothing, phones have many."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(cell))
    return tuple(dict.fromkeys(part for part in parts if part))

"""Clients or contact persons as cards that address books take in: vCard 3.0, which all of them read.

Source: RFC 2426; kinds of phones and the day of birth as there.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from services.reporting.adapters.sheets.sheet import Sheet

LONGEST_LINE = 75  # bytes, after which a line goes on in the next
PHONES = {"work": "WORK,VOICE", "mobile": "CELL", "home": "HOME,VOICE", "fax": "FAX"}
COMPANY = "legal_entity"
MASKED = "***"
NAME_PARTS = 5
TEXTS = {"BDAY:": "birthday", "NOTE:": "note", "REV:": "changed_at"}


def write_vcards(sheet: Sheet, rows: Iterable[Mapping[str, Any]], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    for row in rows:
        if row.get("name"):  # nobody takes in a card without one
            text.writelines(f"{_folded(line)}\r\n" for line in _card(row, sheet.stamp))
    text.detach()


def _card(row: Mapping[str, Any], stamp: str) -> Iterator[str]:
    company = row.get("kind") == COMPANY
    yield from ("BEGIN:VCARD", "VERSION:3.0", f"UID:{row['id']}", f"FN:{_escaped(row['name'])}")
    yield f"N:{_name('' if company else row['name'])}"
    yield from [f"ORG:{_escaped(row['name'])}"] * company
    yield from _reached_at(row)
    for told, field in TEXTS.items():
        if row.get(field):
            yield f"{told}{_escaped(row[field])}"
    yield from (f"X-REESTR-EXPORT:{_escaped(stamp)}", "END:VCARD")


def _reached_at(row: Mapping[str, Any]) -> Iterator[str]:
    """What the reader sees in part only is left out."""
    for phone in row.get("phones") or ():
        number = phone["number"] or phone["written"]
        if MASKED not in number:
            yield f"TEL;TYPE={PHONES.get(phone.get('kind', ''), 'VOICE')}:{_escaped(number)}"
    for email in row.get("emails") or ():
        if MASKED not in email["address"]:
            yield f"EMAIL;TYPE=INTERNET:{_escaped(email['address'])}"
    for kind, field in (("WORK", "actual_address"), ("POSTAL", "address")):
        if row.get(field):
            yield f"ADR;TYPE={kind}:;;{_escaped(row[field])};;;;"
    yield from (f"URL:{link['value']}" for link in row.get("links") or () if link["kind"] == "site")


def _name(name: str) -> str:
    """Family name, given name, what stands between; a company has none of these."""
    parts = [_escaped(part) for part in name.split(maxsplit=2)]
    return ";".join([*parts, *[""] * (NAME_PARTS - len(parts))])


def _escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A long line goes on in lines that begin with a space; no letter is cut in two."""
    pieces, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += width
    return "\r\n".join(pieces)

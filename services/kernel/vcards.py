"""A person or a firm as a vCard 3.0, the version that Outlook and phones read alike. Source: RFC 2426."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.kernel.lists.masks import NOTHING_SEEN

MEDIA_TYPE = "text/vcard"
_LINE = 75  # bytes, beyond which a line goes on in the next one
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_PHONE_KINDS: Mapping[str, str] = {
    "work": "WORK,VOICE",
    "mobile": "CELL,VOICE",
    "home": "HOME,VOICE",
    "fax": "WORK,FAX",
}
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def vcard(view: Mapping[str, Any], stamp: str = "") -> str:
    """The card of who is shown by a view of the lists, with what it has of names, phones, e-mails,
    links, addresses, birthday and note. What is masked is left out: half a number calls nobody."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_names(view), *_points(view), *_places(view), *_about(view)]
    if stamp:
        lines.append(f"X-REESTR-EXPORT:{_text(stamp)}")
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _names(view: Mapping[str, Any]) -> Iterator[str]:
    """A firm's card is that of the person one speaks to there, where he is known."""
    name = view.get("name") or ""
    firm = view.get("kind", "individual") != "individual"
    person = (view.get("contact_person") or "") if firm else name
    yield f"FN:{_text(name)}"
    surname, _, given = person.partition(" ")
    first, _, patronymic = given.partition(" ")
    yield f"N:{';'.join(map(_text, (surname, first, patronymic)))};;"
    if firm:
        yield f"ORG:{_text(view.get('full_name') or name)}"


def _points(view: Mapping[str, Any]) -> Iterator[str]:
    for phone in view.get("phones") or ():
        kind = _PHONE_KINDS.get(phone.get("kind", ""), "VOICE")
        number = phone["number"] or phone["written"]
        if NOTHING_SEEN not in number:
            yield f"TEL;TYPE={kind}:{_text(number)}"
    for email in view.get("emails") or ():
        if NOTHING_SEEN not in email["address"]:
            yield f"EMAIL;TYPE=INTERNET:{_text(email['address'])}"


def _places(view: Mapping[str, Any]) -> Iterator[str]:
    for field, kind in (("address", "WORK"), ("actual_address", "WORK,POSTAL")):
        if street := view.get(field):
            place = f"{_text(view.get('city') or '')};{_text(view.get('region') or '')}"
            yield f"ADR;TYPE={kind}:;;{_text(street)};{place};;"
    for link in view.get("links") or ():
        if _URL.fullmatch(link["value"]):
            yield f"URL:{_one_line(link['value'])}"


def _about(view: Mapping[str, Any]) -> Iterator[str]:
    if view.get("birthday"):
        yield f"BDAY:{view['birthday']}"
    if view.get("note"):
        yield f"NOTE:{_text(view['note'])}"
    yield f"UID:{_one_line(view['id'])}"
    if view.get("changed_at"):
        yield f"REV:{_one_line(view['changed_at'])}"


def _text(value: str) -> str:
    """A value that can end neither its line nor its part."""
    plain = _CONTROLS.sub("", _BREAKS.sub("\n", value))
    return re.sub(r"([\\;,])", r"\\\1", plain).replace("\n", "\\n")


def _one_line(value: str) -> str:
    return _CONTROLS.sub("", _BREAKS.sub("", value)).replace("\n", "")


def _folded(line: str) -> str:
    """In pieces of so many bytes, none of which ends inside a letter."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return "\r\n".join([*pieces, piece])

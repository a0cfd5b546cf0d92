"""Address books as phones and mail programs write them: vCards 2.1, 3.0 and 4.0, many in a file.

A small reader, as the libraries give up a whole file for one line they do not like, and take half a
millisecond for each card. Sources: RFC 2426, RFC 6350, and vCard 2.1 of versit.
"""

import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from services.clients.adapters.file_errors import BrokenFile

BEGINNING = re.compile(r"\s*BEGIN:VCARD\s", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":])*)?):(.*)", re.DOTALL)
_PARAMETERS = re.compile(r";((?:\"[^\"]*\"|[^\";])*)")
_ESCAPED = re.compile(r"\\([\\;,:nN])")
_PARTS = re.compile(r"(?<!\\);")
_URI = re.compile(r"(?:tel|mailto):([^;?]*).*", re.IGNORECASE | re.DOTALL)
# a table's headings, in which the mapping of columns knows these things again
NAME, PERSON, KIND, ADDRESS, CITY, UNREAD = "Наименование", "Контактное лицо", "Вид", "Адрес", "Город", "vCard"
_HEADINGS: Mapping[str, str] = {
    "TEL": "Телефон",
    "EMAIL": "E-mail",
    "URL": "Сайт",
    "NOTE": "Примечание",
    "BDAY": "День рождения",
    "ANNIVERSARY": "Годовщина",
    "TITLE": "Должность",
    "ROLE": "Роль",
    "NICKNAME": "Псевдоним",
    "CATEGORIES": "Категории",
    "IMPP": "Мессенджер",
}
_PERSONS = {"": "физлицо", "individual": "физлицо", "org": "организация"}

Card = dict[str, str]


class _Property(NamedTuple):
    name: str
    value: str

    def parts(self) -> Sequence[str]:
        """Of a value that has several, in their order."""
        return [_unescaped(part).strip() for part in _PARTS.split(self.value)]


def cards(text: str) -> Iterator[Card]:
    """Each card as a row of a table, its values by heading; several of one kind on lines of one cell."""
    properties: list[_Property] | None = None
    for line in _lines(text):
        mark = line.strip().upper()
        if properties is None:
            if mark != "BEGIN:VCARD":
                raise BrokenFile
            properties = []
        elif mark == "END:VCARD":
            yield _card(properties)
            properties = None
        else:
            properties.append(_property(line))
    if properties is not None:
        raise BrokenFile


def _lines(text: str) -> Iterator[str]:
    """The lines as they were before they were folded."""
    held = ""
    for line in text.splitlines():
        if held and line[:1] in (" ", "\t"):
            held += line[1:]
        elif held.endswith("=") and _quoted(held):
            held = held[:-1] + line
        else:
            if held.strip():
                yield held
            held = line
    if held.strip():
        yield held


def _quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _property(line: str) -> _Property:
    found = _PROPERTY.fullmatch(line)
    if found is None:
        return _Property("", line)
    name, parameters, value = found.groups()
    if _quoted(line):
        value = _unquoted(value, parameters)
    return _Property(name.upper(), value)


def _unquoted(value: str, parameters: str) -> str:
    said = [one.strip('"').partition("=") for one in _PARAMETERS.findall(parameters)]
    charset = next((charset for name, _, charset in said if name.upper() == "CHARSET"), "utf-8")
    try:
        return quopri.decodestring(value.encode("ascii", "ignore")).decode(charset)
    except (UnicodeDecodeError, LookupError):
        return value


def _card(properties: Sequence[_Property]) -> Card:
    first: dict[str, _Property] = {}
    for one in properties:
        first.setdefault(one.name, one)
    card = _names(first)
    for one in properties:
        if one.name == "ADR":
            _take_address(card, one.parts())
        elif one.name in _HEADINGS:
            _take(card, _HEADINGS[one.name], _value(one))
        elif not one.name:
            _take(card, UNREAD, one.value)
    return card


def _names(first: Mapping[str, _Property]) -> Card:
    """Whoever works somewhere is the contact person of that organisation."""
    person = _value(first["FN"]) if "FN" in first else ""
    if not person and "N" in first:
        person = " ".join(filter(None, first["N"].parts()[:3]))
    company = ", ".join(filter(None, first["ORG"].parts())) if "ORG" in first else ""
    kind = _value(first["KIND"]).lower() if "KIND" in first else ""
    card: Card = {}
    _take(card, NAME, company or person)
    if company and kind != "org":
        _take(card, PERSON, person if person != company else "")
    elif not company:
        _take(card, KIND, _PERSONS.get(kind, ""))
    return card


def _take_address(card: Card, parts: Sequence[str]) -> None:
    """Post office box, extension, street, city, region, code, country; written from the large to the small."""
    box, extension, street, city, region, code, country = (*parts, *[""] * 7)[:7]
    _take(card, ADDRESS, ", ".join(filter(None, (code, country, region, city, street, extension, box))))
    if CITY not in card:
        _take(card, CITY, city)


def _take(card: Card, heading: str, value: str) -> None:
    if value:
        card[heading] = f"{card[heading]}\n{value}" if heading in card else value


def _value(one: _Property) -> str:
    value = _unescaped(one.value).strip()
    uri = _URI.fullmatch(value)
    return uri[1] if uri else value


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)

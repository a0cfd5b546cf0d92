"""What makes two clients the same one: keys that are equal however the card was typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from services.kernel.codes import inn_ok

_WORD = re.compile(r"[^\W_]+")
# Latin letters that Russian keyboards leave in Russian words, «OOO» before all
_LOOK_ALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")
_LEGAL_FORMS = (
    "общество с ограниченной ответственностью",
    "публичное акционерное общество",
    "непубличное акционерное общество",
    "открытое акционерное общество",
    "закрытое акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    *("ооо", "ао", "пао", "нао", "оао", "зао", "ип", "нко", "ано", "тоо", "фгуп", "гуп", "муп"),
)
_FORM = "|".join(form.translate(_LOOK_ALIKES) for form in _LEGAL_FORMS)
_LEADING_FORM = re.compile(rf"(?:{_FORM}) ")
_TRAILING_FORM = re.compile(rf" (?:{_FORM})$")


class IdentityKey(NamedTuple):
    """In one scope, two clients with the same key are taken for the same client."""

    scope: str
    key: str


def name_key(name: str) -> str:
    """The name without legal form, case, quotes, punctuation and the difference of «ё» and «е»."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    key = " ".join(_WORD.findall(plain)).translate(_LOOK_ALIKES)
    while (bare := _TRAILING_FORM.sub("", _LEADING_FORM.sub("", key, count=1))) != key:
        key = bare
    return key


def email_key(address: str) -> str:
    return address.strip().casefold()


def identity_keys(
    *, inn: str, kpp: str, name: str, phones: Iterable[str], emails: Iterable[str]
) -> frozenset[IdentityKey]:
    """Every key of one client. `phones` are in E.164, `emails` valid; an ИНН that fails its check
    identifies nobody, too often it is only a place-holder."""
    found = [("inn", f"{inn}/{kpp}")] if inn_ok(inn) else []
    found += [("phone", number) for number in phones]
    found += [("email", email_key(address)) for address in emails]
    found += [("name", key)] if (key := name_key(name)) else []
    return frozenset(IdentityKey(*pair) for pair in found)


def decisive(keys: Iterable[IdentityKey]) -> frozenset[IdentityKey]:
    """The keys that may settle, without asking anybody, that a client is known already: namesakes
    exist, so a name decides only where there is nothing else to go by."""
    found = frozenset(keys)
    return frozenset(key for key in found if key.scope != "name") or found

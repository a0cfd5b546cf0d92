"""What makes two clients the same one: keys that are equal however the card was typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from services.clients.commands.clients import ClientKind
from services.kernel.codes import inn_ok

_WORD = re.compile(r"[^\W_]+")
# Latin letters that Russian keyboards leave in Russian words, «OOO» before all
_LOOK_ALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")
_COMPANY_FORMS = (
    "общество с ограниченной ответственностью",
    *(f"{kind}акционерное общество" for kind in ("публичное ", "непубличное ", "открытое ", "закрытое ", "")),
    *("ооо", "ао", "пао", "нао", "оао", "зао", "ано", "нко", "тсж", "тсн", "снт"),
    *("гуп", "фгуп", "муп", "гбу", "мбу", "фгбу", "гбоу", "мбоу", "фгбоу", "гбуз"),
)
_TRADER_FORMS = ("индивидуальный предприниматель", "ип")


def _at_either_end(forms: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(form.translate(_LOOK_ALIKES) for form in forms)
    return re.compile(rf"^(?:{either}) | (?:{either})$")


_COMPANY, _TRADER = _at_either_end(_COMPANY_FORMS), _at_either_end(_TRADER_FORMS)


class IdentityKey(NamedTuple):
    """In one scope, two clients with the same key are taken for the same client."""

    scope: str
    key: str


def name_key(name: str) -> str:
    """The name without legal form, case, quotes, punctuation and the difference of «ё» and «е»."""
    key = _plain(name)
    while (bare := _COMPANY.sub("", _TRADER.sub("", key))) != key:
        key = bare
    return key


def kind_by_legal_form(name: str) -> ClientKind | None:
    plain = _plain(name)
    if _COMPANY.search(plain):
        return "legal_entity"
    return "sole_trader" if _TRADER.search(plain) else None


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(_WORD.findall(folded)).translate(_LOOK_ALIKES)


def user_name_key(name: str) -> str:
    """A manager's name as tables and people write it."""
    return _plain(name)


def email_key(address: str) -> str:
    return address.strip().casefold()


class InnKeys(NamedTuple):
    """An ИНН without КПП may mean the company or any branch of it: `whole` is the key of a client
    that names no КПП, `branch` that of the first client with this ИНН, whatever its КПП."""

    whole: IdentityKey
    branch: IdentityKey


def inn_keys(inn: str) -> InnKeys | None:
    return InnKeys(IdentityKey("inn", f"{inn}/"), IdentityKey("inn-branch", inn)) if inn_ok(inn) else None


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

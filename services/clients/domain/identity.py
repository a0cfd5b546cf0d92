"""What makes two clients the same one: keys that are equal however the card was typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from services.clients.commands.clients import ClientKind
from services.clients.domain.transliteration import compared
from services.kernel.codes import inn_ok

_WORD = re.compile(r"[^\W_]+")
# Latin letters that Russian keyboards leave in Russian words, «OOO» before all
_LOOK_ALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")
_COMPANY_FORMS = (
    *("llc", "ltd", "inc", "corp", "gmbh", "jsc", "pjsc", "cjsc", "ojsc", "oao", "zao", "pao", "nao"),
    "общество с ограниченной ответственностью",
    *(f"{kind}акционерное общество" for kind in ("публичное ", "непубличное ", "открытое ", "закрытое ", "")),
    *("ооо", "ао", "пао", "нао", "оао", "зао", "ано", "нко", "тсж", "тсн", "снт"),
    *("гуп", "фгуп", "муп", "гбу", "мбу", "фгбу", "гбоу", "мбоу", "фгбоу", "гбуз"),
)
_TRADER_FORMS = ("индивидуальный предприниматель", "ип", "ip")


_SHORT_FORMS = frozenset(form for form in _COMPANY_FORMS + _TRADER_FORMS if " " not in form)
_CYRILLIC, _LATIN = re.compile("[а-яё]"), re.compile("[a-z]")


def _at_either_end(forms: Iterable[str]) -> re.Pattern[str]:
    either = "|".join(form.replace("ё", "е") for form in forms)
    return re.compile(rf"^(?:{either}) | (?:{either})$")


_COMPANY, _TRADER = _at_either_end(_COMPANY_FORMS), _at_either_end(_TRADER_FORMS)


class IdentityKey(NamedTuple):
    """In one scope, two clients with the same key are taken for the same client."""

    scope: str
    key: str


def name_keys(name: str) -> frozenset[str]:
    """The name without legal form, case, quotes, punctuation and the difference of alphabets:
    «Ромашка» is "Romashka". Two keys for a Latin name that may be a Russian one, "MAKC"."""
    plain = _plain(name)
    read = (plain, " ".join(map(_as_russian, plain.split())))
    return frozenset(key for words in read if (key := _name_key(words)))


def _as_russian(word: str) -> str:
    """A word in which every Latin letter looks like a Russian one."""
    russian = word.translate(_LOOK_ALIKES)
    return word if _LATIN.search(russian) else russian


def _name_key(words: str) -> str:
    while (bare := " ".join(map(compared, _COMPANY.sub("", _TRADER.sub("", words)).split()))) != words:
        words = bare
    return words


def kind_by_legal_form(name: str) -> ClientKind | None:
    plain = _plain(name)
    if _COMPANY.search(plain):
        return "legal_entity"
    return "sole_trader" if _TRADER.search(plain) else None


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(map(_one_alphabet, _WORD.findall(folded)))


def _one_alphabet(word: str) -> str:
    """A word of Russian letters with Latin ones that look like them is a Russian word; so are the
    names of legal forms that are made of such letters alone."""
    russian = word.translate(_LOOK_ALIKES)
    return russian if _CYRILLIC.search(word) or russian in _SHORT_FORMS else word


def user_name_key(name: str) -> str:
    """A manager's name as tables and people write it."""
    return _plain(name).translate(_LOOK_ALIKES)


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
    found += [("name", key) for key in name_keys(name)]
    return frozenset(IdentityKey(*pair) for pair in found)


def decisive(keys: Iterable[IdentityKey]) -> frozenset[IdentityKey]:
    """The keys that may settle, without asking anybody, that a client is known already: namesakes
    exist, so a name decides only where there is nothing else to go by."""
    found = frozenset(keys)
    return frozenset(key for key in found if key.scope != "name") or found

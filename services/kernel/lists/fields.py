"""The fields of a resource, as lists know them: how they compare, and what a caller writes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from services.kernel.clock import company_midnight, from_iso, from_micros, to_iso, to_micros
from services.kernel.lists.aliases import Aliases
from services.kernel.lists.columns import fold, fold_all, minor

LARGEST = 2**62
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_MONEY = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{5,8}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})")


class Kind(StrEnum):
    """`ID` and `WORD` are compared as they are, `TEXT` and `TEXTS` folded; `JSON` is only shown."""

    ID = "id"
    WORD = "word"
    TEXT = "text"
    TEXTS = "texts"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    FLAG = "flag"
    JSON = "json"


SAME = frozenset({"=", "!="})
ORDERED = SAME | {"<", "<=", ">", ">="}
OPERATORS: Mapping[Kind, frozenset[str]] = {
    Kind.ID: SAME,
    Kind.WORD: SAME,
    Kind.TEXT: ORDERED | {":"},
    Kind.TEXTS: SAME | {":"},
    Kind.NUMBER: ORDERED,
    Kind.MONEY: ORDERED,
    Kind.DATE: ORDERED,
    Kind.TIME: ORDERED,
    Kind.FLAG: SAME,
    Kind.JSON: frozenset(),
}
UNSORTED = frozenset({Kind.TEXTS, Kind.JSON})
FOLDED = frozenset({Kind.TEXT, Kind.TEXTS})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a resource's view. `masked` is the kind of thing it shows, of which some
    callers see a part only; `words` are all the values it can have; `stored` is the column it
    stands in, where that has another name; `aliases` tell what its ids stand for."""

    name: str
    kind: Kind
    masked: str = ""
    words: tuple[str, ...] = ()
    stored: str = ""
    aliases: Aliases | None = None

    @property
    def column(self) -> str:
        return self.stored or self.name

    @property
    def compared(self) -> str:
        """The column that is compared and sorted by."""
        if self.kind in FOLDED:
            return f"{self.column}_folded"
        return f"{self.column}_minor" if self.kind is Kind.MONEY else self.column

    @property
    def filterable(self) -> bool:
        return bool(OPERATORS[self.kind])

    @property
    def sortable(self) -> bool:
        return self.kind not in UNSORTED

    def shown(self, held: Any) -> Any:
        """What the view shows of what the column holds."""
        if held is None:
            return None
        if self.kind in (Kind.JSON, Kind.TEXTS):
            return msgspec.json.decode(held)
        return to_iso(from_micros(held)) if self.kind is Kind.TIME else held

    def comparable(self, shown: Any) -> Any:
        """What the compared column holds when the view shows this."""
        compare = _COMPARABLE.get(self.kind, _itself)
        return None if shown is None else compare(shown)

    def read(self, text: str) -> Any:
        """A value written in a filter, comparable; ValueError where it is none of this kind."""
        if self.words and text not in self.words:
            raise ValueError(text)
        read: Callable[[str], Any] = _READ.get(self.kind, _itself)
        return read(text)


def _itself(value: Any) -> Any:
    return value


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _money(text: str) -> int:
    if not _MONEY.fullmatch(text):
        raise ValueError(text)
    return int(Decimal(text).scaleb(2))


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _span(text: str) -> tuple[int, int]:
    """The microseconds that a time stands for, the end left out; a date stands for its whole
    day in the company's zone."""
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text)
            return to_micros(company_midnight(day)), to_micros(company_midnight(day + timedelta(days=1)))
        if not _TIME.fullmatch(text):
            raise ValueError(text)
        moment = to_micros(from_iso(text.upper()))
    except OverflowError as error:
        raise ValueError(text) from error
    return moment, moment + 1


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: fold,
    Kind.TEXTS: fold,
    Kind.NUMBER: _whole,
    Kind.MONEY: _money,
    Kind.DATE: _date,
    Kind.TIME: _span,
    Kind.FLAG: _flag,
}


def _moment(shown: str) -> int:
    return to_micros(from_iso(shown))


_COMPARABLE: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: fold,
    Kind.TEXTS: fold_all,
    Kind.MONEY: minor,
    Kind.TIME: _moment,
}

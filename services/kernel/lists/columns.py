"""Columns that lists compare and sort by, kept beside those that are shown.

Databases disagree about case, about «ё», about the order of letters, and about decimals in
text; what is derived here when a row is written compares the same way on both of them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from services.kernel.money import parse_amount
from services.kernel.projections.rows import DERIVED
from services.kernel.views import EXTENSION

BY_CODE_POINT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_QUOTES = re.compile("[\"'`«»„“”‘’‹›]")


def fold(text: str | None) -> str | None:
    """Text as it is sought and sorted: without regard to case, to «ё», to quotation marks and
    to the width of spaces. None where nothing is left."""
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", _QUOTES.sub("", text)).casefold().replace("ё", "е")
    return " ".join(plain.replace("\0", "").split()) or None


def minor(amount: str | None) -> int | None:
    """An amount of money in whole kopecks (cents)."""
    return None if amount is None else int(parse_amount(amount).scaleb(2))


def fold_all(value: Any) -> str | None:
    """The texts of a list, each between line ends, so that one text never runs into another."""
    folded = [text for one in _texts(value) if (text := fold(one))]
    return "\n".join(("", *folded, "")) if folded else None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _fold_json(text: str | None) -> str | None:
    return None if text is None else fold_all(msgspec.json.decode(text))


def derived(name: str, type_: Any, source: str, function: Callable[[Any], Any]) -> sa.Column[Any]:
    """A column filled from another of its row whenever the row is written."""
    return sa.Column(name, type_, info={DERIVED: (source, function)})


def text_columns(name: str, *, nullable: bool = True) -> tuple[sa.Column[Any], ...]:
    return sa.Column(name, sa.Text, nullable=nullable), derived(f"{name}_folded", BY_CODE_POINT, name, fold)


def money_columns(name: str, *, nullable: bool = True) -> tuple[sa.Column[Any], ...]:
    return sa.Column(name, sa.Text, nullable=nullable), derived(f"{name}_minor", sa.BigInteger, name, minor)


def any_part_index(name: str, column: str) -> sa.Index:
    """Finds any part of a text, on databases that have an index for that."""
    by_trigrams = {column: "gin_trgm_ops"}
    return sa.Index(name, column, info={EXTENSION: "pg_trgm"}, postgresql_using="gin", postgresql_ops=by_trigrams)


def texts_columns(name: str) -> tuple[sa.Column[Any], ...]:
    """A list of texts, or of objects with texts, as JSON."""
    return sa.Column(name, sa.Text, nullable=False), derived(f"{name}_folded", BY_CODE_POINT, name, _fold_json)

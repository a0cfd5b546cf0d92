"""Lists too long to be held at once: kept as files of some entries each, and one that names these.

What an operation works through is kept so: each of its chunks reads one or two small files.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from services.clients.domain.operation import CHUNK
from services.kernel.commands import Tools
from services.kernel.events import PersonKey

PART = 20 * CHUNK
JSON = "application/json"


class Contents(msgspec.Struct, frozen=True):
    """The parts in their order, each of `PART` entries but the last; `headings` where the list is a table."""

    parts: tuple[str, ...]
    total: int
    headings: tuple[str, ...] = ()


class Keeping:
    """A list on its way into the blob store, sealed where a key is given."""

    def __init__(self, tools: Tools, key: PersonKey | None = None) -> None:
        self._tools, self._key = tools, key
        self._parts: list[str] = []
        self._total = 0

    def add(self, entries: Iterable[Any]) -> None:
        """All but the last addition is of whole parts."""
        left = iter(entries)
        while some := list(islice(left, PART)):
            self._parts.append(self._put(some))
            self._total += len(some)

    def end(self, headings: Sequence[str] = ()) -> str:
        """The hash by which the list is read."""
        return self._put(Contents(tuple(self._parts), self._total, tuple(headings)))

    def drop(self) -> None:
        """Of what was added nothing is kept."""
        assert self._key is not None
        for part in self._parts:
            self._tools.blobs.remove(part, self._key)

    def _put(self, what: Any) -> str:
        return self._tools.blobs.put(msgspec.json.encode(what), JSON, self._key).hash


def contents_of(tools: Tools, list_hash: str) -> Contents:
    return msgspec.json.decode(tools.blobs.get(list_hash), type=Contents)


def entries(tools: Tools, contents: Contents, first: int, upto: int, of: Any) -> list[Any]:
    """Those from `first` to before `upto`."""
    upto = min(upto, contents.total)
    found: list[Any] = []
    while first < upto:
        number, start = divmod(first, PART)
        part = msgspec.json.decode(tools.blobs.get(contents.parts[number]), type=list[of])
        found += part[start : start + upto - first]
        first = (number + 1) * PART
    return found


def all_entries(tools: Tools, contents: Contents, of: Any) -> Iterator[Any]:
    for number in range(len(contents.parts)):
        yield from entries(tools, contents, number * PART, (number + 1) * PART, of)


def files_of(tools: Tools, list_hash: str) -> Sequence[str]:
    """All that a list is kept in, the one that names the others last."""
    return (*contents_of(tools, list_hash).parts, list_hash)

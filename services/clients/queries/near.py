"""Text that is nearly what was asked for: one letter is another, missing, too many, or changed places.

Whatever is wrong stands in one half of the question, so the other half is there as it was typed: by
that half rows are found, by an index where there is one, and only these are looked at more closely.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

SHORTEST, LONGEST = 5, 60
_ESCAPE = "/"


def near(column: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """Whether the column holds something near to the text; nothing is near to a very short one."""
    if not SHORTEST <= len(text) <= LONGEST:
        return sa.false()
    middle = len(text) // 2
    left, right = text[:middle], text[middle:]
    crossed = f"{left[:-1]}{right[0]}{left[-1]}{right[1:]}"
    return sa.or_(
        sa.and_(_like(column, _plain(left)), _any(column, (_plain(left) + part for part in _misspelt(right)))),
        sa.and_(_like(column, _plain(right)), _any(column, (part + _plain(right) for part in _misspelt(left)))),
        _like(column, _plain(crossed)),
    )


def _misspelt(part: str) -> Iterator[str]:
    """Patterns of what a part may have been meant to be."""
    for at in range(len(part)):
        before, after = _plain(part[:at]), _plain(part[at + 1 :])
        yield f"{before}_{after}"
        yield before + after
        if at + 1 < len(part):
            yield before + _plain(part[at + 1] + part[at] + part[at + 2 :])
    for at in range(len(part) + 1):
        yield f"{_plain(part[:at])}_{_plain(part[at:])}"


def _plain(text: str) -> str:
    return "".join(_ESCAPE + letter if letter in "%_/" else letter for letter in text)


def _any(column: sa.ColumnElement[Any], patterns: Iterator[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(_like(column, pattern) for pattern in dict.fromkeys(patterns)))


def _like(column: sa.ColumnElement[Any], pattern: str) -> sa.ColumnElement[bool]:
    return column.like(f"%{pattern}%", escape=_ESCAPE)

"""What a service declares: reactions, the effects they plan, and timers."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from services.kernel.context import Context
from services.kernel.store.claims import Key, StreamEvents

CLOCKS_APART = timedelta(seconds=5)  # how far the clocks of two machines may differ
LONGEST_PAUSE = timedelta(hours=6)

Arguments = Mapping[str, Any]
Read = Callable[[], AbstractContextManager[sa.Connection]]
Ruling = Literal["repeat", "leave"]


class Unclear(Exception):
    """Raised by an effect that cannot tell whether it has done its work: a connection lost
    after the letter was handed over. Any other exception says that it has not."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One effect to come. `key` tells the effects of one cause apart; arguments are JSON and
    hold no personal data."""

    effect: str
    arguments: Arguments
    key: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """Plans effects as messages of one source arrive.

    `on` gives, by event type, a function of the message (`Recorded` from the own store,
    `Message` from another) and the service's tools. It may read, and changes nothing.
    A reaction that is new begins with what its source records from now on.
    """

    name: str
    source: str
    on: Mapping[str, Callable[[Any, Any], Sequence[Plan]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an effect leaves behind, recorded together with its success.

    `events` may be a function that loads and decides: it is asked again when another
    decision came in between. A plain sequence that conflicts makes the effect unknown.
    """

    events: Sequence[StreamEvents] | Callable[[], Sequence[StreamEvents]] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    claim: Sequence[Key] = ()


Run = Callable[[Arguments, Any, Context], Outcome]
Settle = Callable[[Arguments, Any, Context], Outcome | Ruling]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something done outside the store: a letter, a file, another service's command.

    `run` gets the arguments, the service's tools and a context whose `deadline` is its time
    limit, which it must keep by itself, and whose `idempotency_key` is the same in every
    attempt. An attempt that fails is repeated up to `attempts` times, after pauses that
    double from `pause`; after the last one `on_failure` gives the events to record with
    the failure, from the arguments, tools, context and error.

    `on_unknown` settles an attempt without a known outcome: `"repeat"` where doing it twice
    is harmless, `"leave"` for the operator, or a function that asks the outside and answers
    the outcome found there or one of these words.
    """

    name: str
    run: Run
    on_unknown: Ruling | Settle
    attempts: int = 8
    pause: timedelta = timedelta(seconds=10)
    limit: timedelta = timedelta(seconds=60)
    on_failure: Callable[[Arguments, Any, Context, str], Sequence[StreamEvents]] | None = None

    def pause_after(self, tries: int) -> timedelta:
        doubled: int = 2 ** min(max(tries - 1, 0), 20)
        return min(self.pause * doubled, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class DueCommand:
    """A command of the own service that has fallen due. `key` is its idempotency key: the same
    whenever the same thing is due."""

    command: str
    arguments: Arguments
    key: str
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Looks into the read models every so many seconds and issues what has fallen due."""

    name: str
    due: Callable[[sa.Connection, datetime], Sequence[DueCommand]]
    every: float

"""A process that posts letters and notes each in a file, until it is killed.

Run as `python -m tests.kernel.reactions.desk STORE_URL VIEWS_URL NOTES PREFIX`.
"""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.kernel.context import Context
from services.kernel.reactions import Effect, Outcome, Plan, Reaction
from tests.kernel.reactions.world import Office

RULES = ("leave", "repeat", "ask")
ORDERS = 8


class Notes:
    """What was done outside: it survives any kill, and never tells less than what was done."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, rule: str, order_id: str) -> None:
        with self.path.open("a") as file:
            file.write(f"{rule} {order_id}\n")
            file.flush()
            os.fsync(file.fileno())

    def of(self, rule: str) -> list[str]:
        lines = [line.split() for line in self.path.read_text().splitlines()] if self.path.exists() else []
        return [order_id for noted, order_id in lines if noted == rule]


def plan(placed: Any, _tools: Any) -> Sequence[Plan]:
    return [Plan(rule, {"order_id": placed.subject}, key=rule) for rule in RULES]


REACTION = Reaction("letters", "office", {"OrderPlaced": plan})


def effects(notes: Notes) -> list[Effect]:
    """One effect for each rule by which an attempt without an outcome is settled."""
    return [_effect(notes, "leave"), _effect(notes, "repeat"), _effect(notes, "ask")]


def _effect(notes: Notes, rule: str) -> Effect:
    def run(arguments: Mapping[str, Any], _tools: Any, _context: Context) -> Outcome:
        notes.add(rule, arguments["order_id"])
        return Outcome()

    def ask(arguments: Mapping[str, Any], _tools: Any, _context: Context) -> Any:
        return Outcome() if arguments["order_id"] in notes.of(rule) else "repeat"

    on_unknown: Any = ask if rule == "ask" else rule
    return Effect(rule, run, on_unknown, limit=timedelta(seconds=0.5))


def main() -> None:
    store_url, views_url, path, prefix = sys.argv[1:]
    office = Office(store_url, views_url)
    office.start(effects(Notes(Path(path))), [REACTION])
    office.place(*[f"{prefix}{number}" for number in range(ORDERS)])
    time.sleep(30)


if __name__ == "__main__":
    main()

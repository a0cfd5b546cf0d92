"""Many commands in one call: those of one resource one after another, others side by side.

What is side by side comes to the store at the same time, and is written in one transaction.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

WIDTH = 16

I = TypeVar("I")  # noqa: E741  # an item
A = TypeVar("A")

# of this process, however many calls are under way: each place may need a connection
_places = threading.BoundedSemaphore(WIDTH)


def carry_out(items: Sequence[I], line_of: Callable[[I], str | None], do: Callable[[I], A]) -> list[A]:
    """What `do` gives for each item, in the items' order. Items of one line are done in their
    order; those without a line wait for nobody. Raises what `do` raises, once all have come to an end."""
    lines = _lines(items, line_of)
    waiting = deque(lines)
    answers: dict[int, A] = {}
    trouble: list[Exception] = []

    def do_line(line: list[int]) -> None:
        try:
            for index in line:
                answers[index] = do(items[index])
        except Exception as error:  # told to who asked
            trouble.append(error)

    _side_by_side(min(WIDTH, len(lines)), waiting, do_line)
    if trouble:
        raise trouble[0]
    return [answers[index] for index in range(len(items))]


def _side_by_side(width: int, waiting: deque[list[int]], do_line: Callable[[list[int]], None]) -> None:
    def work() -> None:
        while True:
            with _places:
                try:
                    line = waiting.popleft()
                except IndexError:
                    return
                do_line(line)

    threads = [threading.Thread(target=work, name=f"bulk-{number}") for number in range(width)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def alone(_item: object) -> None:
    """The line of items that wait for nobody."""


def _lines(items: Sequence[I], line_of: Callable[[I], str | None]) -> list[list[int]]:
    lines: dict[object, list[int]] = {}
    for index, item in enumerate(items):
        line = line_of(item)
        lines.setdefault(index if line is None else line, []).append(index)
    return list(lines.values())

"""What a dry run would have made by now, so that rows that are alike are found without being written."""

from collections.abc import Iterable

from services.clients.commands.clients import CreateClient
from services.clients.domain.operation import Operation
from services.clients.handlers.clients import foresee_client
from services.kernel.commands import Tools
from services.kernel.errors import Refusal
from services.kernel.store.claims import Key

DRY_RUNS_KEPT = 2


class SimilarRow(Refusal):
    ru = "То же, что в строке {row}"
    en = "The same as in row {row}"


class Foreseen:
    """By which row each key would be held; a hundred thousand rows have to fit into little memory."""

    def __init__(self) -> None:
        self.done = 0
        self._held: dict[int, int] = {}

    def create(self, tools: Tools, command: CreateClient, row: int) -> None:
        compared, held = foresee_client(tools, command)
        if similar := self._rows_of(compared):
            raise SimilarRow(row=min(similar))
        for key in held:
            self._held.setdefault(hash(key), row)

    def _rows_of(self, keys: Iterable[Key]) -> set[int]:
        return {self._held[hash(key)] for key in keys if hash(key) in self._held}


_under_way: dict[str, Foreseen] = {}


def foreseen_of(running: Operation) -> Foreseen:
    """What was foreseen up to where the operation stands; from its beginning where that is not known here."""
    known = _under_way.get(running.id)
    if known is None or known.done > running.done:
        for older in list(_under_way)[: len(_under_way) + 1 - DRY_RUNS_KEPT]:
            _under_way.pop(older, None)
        known = _under_way[running.id] = Foreseen()
    return known


def forget_foreseen(running: Operation) -> None:
    _under_way.pop(running.id, None)

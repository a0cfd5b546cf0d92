"""What the command line asks of a service: rebuild, verify, parked messages, effects."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from services.kernel.context import Context
from services.kernel.errors import NotFound, Refusal
from services.kernel.operations import Operations, Progress
from services.kernel.rewind import rewind, shared_position
from services.kernel.store.verify import verify

if TYPE_CHECKING:
    from services.kernel.runtime import Runtime

Arguments = Mapping[str, Any]


class NotStopped(Refusal):
    ru = "Источник {source} читается; отматывать нечего"
    en = "The source {source} is being read; there is nothing to rewind"


class Operator:
    """Answers `operate` calls; each names one of these methods in `do`."""

    def __init__(self, runtime: "Runtime") -> None:
        self._runtime = runtime
        self.operations = Operations({"rebuild": self._rebuild, "verify": self._verify})
        self._does: dict[str, Callable[[Arguments, Context], Any]] = {
            "start": lambda given, _: self.operations.start(given["operation"]),
            "look": lambda given, _: self.operations.look(given["operation"]),
            "cancel": lambda given, _: self.operations.cancel(given["operation"]),
            "rewind": self._rewind,
            "parked.list": self._parked_list,
            "parked.show": self._parked_show,
            "parked.retry": self._parked_retry,
            "parked.drop": self._parked_drop,
            "effects.list": self._effects_list,
            "effects.repeat": lambda given, context: self._runtime.reactions.repeat(given["id"], context),
            "effects.dismiss": lambda given, context: self._runtime.reactions.dismiss(given["id"], context),
            "effects.release": lambda _, context: self._runtime.reactions.release(context),
        }

    def do(self, arguments: Arguments, context: Context) -> Any:
        if arguments["do"] not in self._does:
            raise NotFound(what="operation", id=arguments["do"])
        return msgspec.to_builtins(self._does[arguments["do"]](arguments, context))

    def _rebuild(self, progress: Progress, cancelled: Callable[[], bool]) -> str:
        self._runtime.projections.rebuild(progress, cancelled)
        return "rebuilt"

    def _verify(self, progress: Progress, _cancelled: Callable[[], bool]) -> str:
        store = self._runtime.store
        head = store.head().position
        broken = verify(store, lambda position: progress(store.name, position, head))
        return f"broken at {broken.position}: {broken.reason}" if broken else "whole"

    def _rewind(self, given: Arguments, _context: Context) -> Any:
        """Only of a source that is no longer read; the service must then be started again."""
        consumer = self._runtime.consumers.get(given["source"])
        if consumer is None or consumer.stopped is None:
            raise NotStopped(source=given["source"])
        at, head, lineage = consumer.compare()
        return asdict(rewind(self._runtime.store.database, consumer.source, shared_position(at, head, lineage)))

    def _parked_list(self, given: Arguments, _context: Context) -> Any:
        return [asdict(parked) for parked in self._runtime.projections.parked.list(given.get("projection"))]

    def _parked_show(self, given: Arguments, _context: Context) -> Any:
        found = self._runtime.projections.parked.show(given["projection"], given["source"], given["position"])
        if found is None:
            raise NotFound(what="parked", id=f"{given['source']}:{given['position']}")
        parked, message = found
        return {**asdict(parked), "message": msgspec.to_builtins(message, str_keys=True, enc_hook=str)}

    def _parked_retry(self, given: Arguments, _context: Context) -> Any:
        parked = self._runtime.projections.parked
        return asdict(parked.retry(given["projection"], given["source"], given["subject"]))

    def _parked_drop(self, given: Arguments, _context: Context) -> Any:
        return self._runtime.projections.parked.drop(given["projection"], given["source"], given["position"])

    def _effects_list(self, given: Arguments, _context: Context) -> Any:
        reactions = self._runtime.reactions
        found = reactions.waiting() if given.get("waiting") else reactions.standing()
        return [asdict(effect) for effect in found]

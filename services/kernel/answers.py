"""What a service answers: its commands and queries, alone and many in one call."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import marshmallow as ma
import structlog

from services.kernel import clock, commands
from services.kernel.bulk import carry_out
from services.kernel.commands import CommandSpec, Tools, Written
from services.kernel.context import Context
from services.kernel.errors import Invalid, NotFound, NotYetVisible, Refusal, Unavailable
from services.kernel.history import History
from services.kernel.log import bound
from services.kernel.metrics import measured
from services.kernel.projections import Projections
from services.kernel.received import ReceivedLog
from services.kernel.rights import Rights
from services.kernel.signal import Signal
from services.kernel.validation import field_errors
from services.kernel.wiring import QuerySpec, Service

LONGEST_WAIT = 5.0

_log = structlog.get_logger(__name__)


class Answers:
    """Answers calls by their names, as plain data: a refusal is an answer too."""

    def __init__(
        self, service: Service, tools: Tools, projections: Projections, received: ReceivedLog, history: History
    ) -> None:
        self._service = service
        self._tools = tools
        self._projections = projections
        self._received = received
        self._history = history

    def answer(self, name: str, call: Mapping[str, Any]) -> dict[str, Any]:
        """One call answered: `result` and `position`, or the problem that refused it."""
        context = Context.from_dict(call["context"])
        with bound(context), measured(name):
            try:
                commands.check_deadline(context)
                self._await(context)
                if name in self._service.commands:
                    return self._command(name, call["arguments"], context)
                return {"result": self._query(self._service.queries[name], call["arguments"], context.rights)}
            except Refusal as refusal:
                return {"problem": refusal.problem().to_dict()}

    def bulk(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Many commands in one call, each with its own circumstances; to each its answer as if it
        had come alone, with id and version instead of the view."""
        items: list[Mapping[str, Any]] = call["arguments"]["items"]
        return {"result": carry_out(items, self._line_of, self._bulk_item)}

    def _line_of(self, item: Mapping[str, Any]) -> str | None:
        """What a change is of: changes of one resource keep their order."""
        spec = self._service.commands[item["call"]]
        return f"{spec.answer}:{item['arguments'].get(self._id_argument(spec))}" if spec.changes else None

    def _bulk_item(self, item: Mapping[str, Any]) -> dict[str, Any]:
        context, name = Context.from_dict(item["context"]), item["call"]
        with bound(context), measured(name):
            try:
                self._await(context)
                written = self.execute(name, item["arguments"], context)
            except Refusal as refusal:
                return {"problem": refusal.problem().to_dict()}
            except Exception:  # one that fails must not take the others' answers along
                _log.exception("bulk.failed", call=name)
                return {"problem": Unavailable(service=self._service.name).problem().to_dict()}
        result = {"id": written.id, "version": written.version, **written.reveal}
        return {"result": result, "position": self._at(written)}

    def _command(self, name: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        spec = self._service.commands[name]
        written = self.execute(name, arguments, context)
        return {"result": self._view_of(spec, written, context), "position": self._at(written)}

    def _at(self, written: Written) -> str:
        return f"{self._service.name}:{written.position}"

    def execute(self, name: str, arguments: Mapping[str, Any], context: Context) -> Written:
        spec = self._service.commands[name]
        permit = partial(self._require_visible, spec, arguments, context)
        return commands.execute(self._tools, spec, name, arguments, context, permit)

    def _require_visible(self, spec: CommandSpec, arguments: Mapping[str, Any], context: Context) -> None:
        """What is to be changed must be among what the caller may see, as of all that is written."""
        if not spec.changes or context.rights.users is None:
            return
        head = self._tools.store.head().position
        if not self._projections.wait(self._service.name, head, _time_left(context)):
            raise NotYetVisible(position=f"{self._service.name}:{head}")
        query, key = self._answer_of(spec)
        self._query(query, {key: arguments[self._id_argument(spec)]}, context.rights)

    def _id_argument(self, spec: CommandSpec) -> str:
        return spec.id_argument or self._answer_of(spec)[1]

    def _answer_of(self, spec: CommandSpec) -> tuple[QuerySpec, str]:
        """The query that answers a command, and what it calls the id."""
        query = self._service.queries[spec.answer]
        return query, _id_of(query.schema)

    def _view_of(self, spec: CommandSpec, written: Written, context: Context) -> dict[str, Any]:
        """The resource as it is now visible, to its writer even where he has just given it away, but
        not when he asks again; at least its id and version where the read model does not follow in time."""
        known = {"id": written.id, "version": written.version, **written.reveal}
        if not spec.answer or not self._projections.wait(self._service.name, written.position, _time_left(context)):
            return known
        query, key = self._answer_of(spec)
        rights = context.rights if written.repeated else replace(context.rights, users=None)
        try:
            return {**self._query(query, {key: written.id}, rights), **known}
        except NotFound:
            return known

    def _query(self, spec: QuerySpec, arguments: Mapping[str, Any], rights: Rights) -> Any:
        try:
            checked = spec.schema(unknown=ma.RAISE).load(arguments)
        except ma.ValidationError as error:
            raise Invalid(field_errors(error.messages)) from error
        if spec.resource and checked.get("as_of"):
            return self._history.as_of(spec.resource, checked, rights)
        if spec.of_history:
            return spec.run(self._history, checked, rights)
        if spec.of_log:
            return spec.run(self._received, checked, rights)
        if spec.of_tools:
            return spec.run(self._tools, checked, rights)
        with self._tools.read() as connection:
            return spec.run(connection, checked, rights)

    def _await(self, context: Context) -> None:
        """Waits, for a bounded time, until the positions that the caller names are visible here."""
        for source, position in context.min_position.items():
            there = all(heard.wait(position - 1, _time_left(context)) for heard in self._heard(source))
            if not there or not self._projections.wait(source, position, _time_left(context)):
                raise NotYetVisible(position=f"{source}:{position}")

    def _heard(self, source: str) -> list[Signal]:
        """What tells how far a source has come here."""
        own = [self._tools.store.appended] if source == self._service.name else []
        return [*own, self._received.received(source)] if source in self._service.hears else own


@cache
def _id_of(schema: type[ma.Schema]) -> str:
    [key] = [name for name, field in schema().fields.items() if field.required]
    return key


def _time_left(context: Context) -> float:
    return max(0.0, min(LONGEST_WAIT, (context.deadline - clock.now()).total_seconds() - 0.5))

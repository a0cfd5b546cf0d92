"""One service in one process: its store, its read models, and what runs beside its calls."""

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from typing import Any

import marshmallow as ma

from services.kernel import clock, commands
from services.kernel.blobs import open_blobs
from services.kernel.commands import Call, CommandSpec, Tools, Written
from services.kernel.config import Settings, read_settings
from services.kernel.consumer import PAGE, OrderedConsumer
from services.kernel.context import Context
from services.kernel.database import Database
from services.kernel.errors import Invalid, NotFound, NotYetVisible, Refusal
from services.kernel.events import Registry
from services.kernel.history import History
from services.kernel.history.causes import related
from services.kernel.ids import new_id
from services.kernel.keyring import Keyring, read_master_key
from services.kernel.log import bound
from services.kernel.metrics import measured, watch_effects, watch_parked, watch_unpublished
from services.kernel.operator import Operator
from services.kernel.projections import Projections, ReceivedSource, Shared, Source, StoreSource
from services.kernel.reactions import KERNEL_EVENTS, Reactions, due_effects
from services.kernel.received import ReceivedLog
from services.kernel.relay import Relay
from services.kernel.rights import Rights
from services.kernel.sealing import Sealer, open_message
from services.kernel.store.store import EventStore
from services.kernel.validation import field_errors
from services.kernel.views import open_views
from services.kernel.wiring import QuerySpec, Service

LONGEST_WAIT = 5.0
FETCH_WITHIN = timedelta(seconds=10)


class Runtime:
    """Answers the calls of one service and runs what follows from them.

    `start` is given the way to call other services; until then, and without a broker,
    calls are answered, but nothing is published, received or reacted to.
    """

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service = service
        self.settings = settings
        self.keyring = Keyring(settings.keyring_url, read_master_key(settings.master_key_file))
        self.sealer = Sealer(self.keyring)
        self.blobs = open_blobs(settings.blob_url, self.sealer)
        registry = Registry((*service.events, *KERNEL_EVENTS))
        self.store = EventStore(Database(settings.store_url), service.name, registry, service.published, self.sealer)
        self.received = ReceivedLog(self.store.database, self._opened)
        self.views = open_views(settings.views_url)
        self.sources = self._sources()
        projections = [*service.projections, due_effects(service.name)]
        self.history = History(self.store, service.projections, self.views.connect)
        self.projections = Projections(self.views, projections, self.sources, self.store.epoch)
        self.tools = Tools(
            self.store,
            self.views.connect,
            self.keyring.claim_key,
            self._catch_up,
            self.blobs,
            self._call,
            settings,
        )
        self.reactions = self._reactions()
        self.relay = Relay(self.store, settings.amqp_url)
        self.consumers = {
            source: OrderedConsumer(settings.amqp_url, service.name, source, self.received, self._fetch)
            for source in service.hears
        }
        self.workers = [make(self) for make in service.workers]
        self.operator = Operator(self)
        self.started = False
        self._calls: Call | None = None

    def _sources(self) -> list[Source]:
        received = [ReceivedSource(self.received, name, self._opened) for name in self.service.hears]
        sources: list[Source] = [StoreSource(self.store), *received]
        return [Shared(source) for source in sources]

    def _reactions(self) -> Reactions:
        return Reactions(
            self.store,
            {source.name: source for source in self.sources},
            reactions=self.service.reactions,
            effects=self.service.effects,
            timers=self.service.timers,
            read=self.views.connect,
            wait=partial(self.projections.wait, self.service.name),
            tools=self.tools,
            execute=self._execute,
        )

    def _opened(self, message: Any) -> Any:
        return open_message(message, self.sealer)

    def start(self, call: Call) -> None:
        """Brings the read models up and sets everything to work; `call` reaches other services."""
        self._calls = call
        watch_unpublished(self.store)
        watch_parked(self.projections.parked.counts)
        watch_effects(self.reactions.status)
        self.projections.start()
        self.reactions.start()
        for consumer in self.consumers.values():
            consumer.start()
        self.relay.start()
        for worker in self.workers:
            worker.start()
        self.started = True

    def stop(self) -> None:
        self.started = False
        for worker in self.workers:
            worker.stop()
        self.relay.stop()
        for consumer in self.consumers.values():
            consumer.stop()
        self.reactions.stop()
        self.projections.stop()

    def status(self) -> dict[str, Any]:
        """Whether the service is ready, and how far each part of it has come."""
        head = self.store.head().position
        return {
            "ready": self.started,
            "head": head,
            "epoch": self.store.epoch,
            "relay": {"position": self.store.checkpoint("relay"), "trouble": self.relay.trouble},
            "sources": {
                name: {
                    "position": self.received.checkpoint(name).position,
                    "stopped": consumer.stopped,
                    "trouble": consumer.trouble,
                }
                for name, consumer in self.consumers.items()
            },
            "projections": [asdict(following) for following in self.projections.status()],
            "parked": self.projections.parked.counts(),
            "reactions": self.reactions.status(),
        }

    def operate(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """A call from the command line, by the operator's own name."""
        context = Context.from_dict(call["context"])
        with bound(context):
            try:
                return {"result": self.operator.do(call["arguments"], context)}
            except Refusal as refusal:
                return {"problem": refusal.problem().to_dict()}

    def trace(self, causes: Collection[str]) -> dict[str, Any]:
        """The events that have one of these ids or were caused by it."""
        return {"result": related(self.store.database, self.service.name, causes)}

    def messages_after(self, position: int, limit: int) -> dict[str, Any]:
        """A page of what this service has published, for readers that catch up."""
        batch = self.store.public_after(position, min(limit, PAGE))
        return {
            "messages": [message.to_dict() for message in batch.messages],
            "end": batch.end,
            "tail": batch.tail.to_dict() if batch.tail else None,
            "epochs": [(epoch.epoch, epoch.since) for epoch in self.store.epochs()],
            "head": self.store.head().position,
        }

    def answer(self, name: str, call: Mapping[str, Any]) -> dict[str, Any]:
        """One call answered: `result` and `position`, or the problem that refused it."""
        context = Context.from_dict(call["context"])
        with bound(context), measured(name):
            try:
                commands.check_deadline(context)
                self._await(context)
                if name in self.service.commands:
                    return self._command(name, call["arguments"], context)
                return {"result": self._query(self.service.queries[name], call["arguments"], context.rights)}
            except Refusal as refusal:
                return {"problem": refusal.problem().to_dict()}

    def _command(self, name: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        spec = self.service.commands[name]
        written = self._execute(name, arguments, context)
        position = f"{self.service.name}:{written.position}"
        return {"result": self._view_of(spec, written, context), "position": position}

    def _execute(self, name: str, arguments: Mapping[str, Any], context: Context) -> Written:
        spec = self.service.commands[name]
        permit = partial(self._require_visible, spec, arguments, context)
        return commands.execute(self.tools, spec, name, arguments, context, permit)

    def _require_visible(self, spec: CommandSpec, arguments: Mapping[str, Any], context: Context) -> None:
        """What is to be changed must be among what the caller may see, as of all that is written."""
        if not spec.changes or context.rights.users is None:
            return
        head = self.store.head().position
        if not self.projections.wait(self.service.name, head, _time_left(context)):
            raise NotYetVisible(position=f"{self.service.name}:{head}")
        query, key = self._answer_of(spec)
        self._query(query, {key: arguments[spec.id_argument or key]}, context.rights)

    def _answer_of(self, spec: CommandSpec) -> tuple[QuerySpec, str]:
        """The query that answers a command, and what it calls the id."""
        query = self.service.queries[spec.answer]
        [key] = [name for name, field in query.schema().fields.items() if field.required]
        return query, key

    def _view_of(self, spec: CommandSpec, written: Written, context: Context) -> dict[str, Any]:
        """The resource as it is now visible, to its writer even where he has just given it away;
        at least its id and version where the read model does not follow in time."""
        known = {"id": written.id, "version": written.version, **written.reveal}
        if not self.projections.wait(self.service.name, written.position, _time_left(context)):
            return known
        query, key = self._answer_of(spec)
        try:
            return {**self._query(query, {key: written.id}, replace(context.rights, users=None)), **known}
        except NotFound:
            return known

    def _query(self, spec: QuerySpec, arguments: Mapping[str, Any], rights: Rights) -> Any:
        try:
            checked = spec.schema(unknown=ma.RAISE).load(arguments)
        except ma.ValidationError as error:
            raise Invalid(field_errors(error.messages)) from error
        if spec.resource and checked.get("as_of"):
            return self.history.as_of(spec.resource, checked, rights)
        if spec.of_history:
            return spec.run(self.history, checked, rights)
        if spec.of_log:
            return spec.run(self.received, checked, rights)
        if spec.of_tools:
            return spec.run(self.tools, checked, rights)
        with self.views.connect() as connection:
            return spec.run(connection, checked, rights)

    def _await(self, context: Context) -> None:
        """Waits, for a bounded time, until the positions that the caller names are visible here."""
        for source, position in context.min_position.items():
            own = source == self.service.name
            if not own and source not in self.service.hears:
                continue
            heard = self.store.appended if own else self.received.received(source)
            there = heard.wait(position - 1, _time_left(context))
            if not there or not self.projections.wait(source, position, _time_left(context)):
                raise NotYetVisible(position=f"{source}:{position}")

    def _catch_up(self, source: str) -> None:
        """Fetches what a source has published by now, and waits until it is visible here."""
        try:
            at = self.consumers[source].catch_up()
        except Refusal:
            return
        self.projections.wait(source, at.position, LONGEST_WAIT)

    def _fetch(self, source: str, position: int, limit: int) -> Mapping[str, Any]:
        now, request = clock.now(), new_id()
        context = Context("system", self.service.name, request, request, now, now + FETCH_WITHIN)
        answer = self._call(f"{source}_log", "messages_after", {"position": position, "limit": limit}, context)
        page: Mapping[str, Any] = answer["result"]
        return page

    def _call(self, service: str, method: str, arguments: Mapping[str, Any], context: Context) -> dict[str, Any]:
        if self._calls is None:
            raise RuntimeError("not started")
        return self._calls(service, method, arguments, context)


def _time_left(context: Context) -> float:
    return max(0.0, min(LONGEST_WAIT, (context.deadline - clock.now()).total_seconds() - 0.5))


_runtimes: dict[str, Runtime] = {}


def runtime_for(service: Service) -> Runtime:
    """The runtime of a service in this process, made from the environment on first use."""
    if service.name not in _runtimes:
        _runtimes[service.name] = Runtime(service, read_settings(os.environ | {"REESTR_SERVICE": service.name}))
    return _runtimes[service.name]

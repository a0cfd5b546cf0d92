"""One service in one process: its store, its read models, and what runs beside its calls."""

import os
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from services.kernel import clock
from services.kernel.answers import Answers
from services.kernel.blobs import open_blobs
from services.kernel.commands import Call, Tools
from services.kernel.config import Settings, read_settings
from services.kernel.consumer import PAGE, OrderedConsumer
from services.kernel.context import Context
from services.kernel.database import Database
from services.kernel.errors import Refusal
from services.kernel.events import Registry
from services.kernel.history import History
from services.kernel.history.causes import related
from services.kernel.ids import new_id
from services.kernel.keyring import Keyring, read_master_key
from services.kernel.log import bound
from services.kernel.metrics import watch_effects, watch_parked, watch_unpublished
from services.kernel.operator import Operator
from services.kernel.projections import Projections, ReceivedSource, Shared, Source, StoreSource
from services.kernel.reactions import KERNEL_EVENTS, Reactions, due_effects
from services.kernel.received import ReceivedLog
from services.kernel.relay import Relay
from services.kernel.sealing import Sealer, open_message
from services.kernel.store.store import EventStore
from services.kernel.views import open_views
from services.kernel.wiring import Service

CATCH_UP_WITHIN = 5.0
FETCH_WITHIN = timedelta(seconds=10)


class Runtime:
    """Holds what answers the calls of one service, and runs what follows from them.

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
            self.keyring.destroy,
        )
        self.answers = Answers(service, self.tools, self.projections, self.received, self.history)
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
        """What the service itself has recorded is read where it was recorded, also where it hears itself."""
        others = [name for name in self.service.hears if name != self.service.name]
        received = [ReceivedSource(self.received, name, self._opened) for name in others]
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
            execute=self.answers.execute,
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

    def _catch_up(self, source: str) -> None:
        """Fetches what a source has published by now, and waits until it is visible here."""
        try:
            at = self.consumers[source].catch_up()
        except Refusal:
            return
        self.projections.wait(source, at.position, CATCH_UP_WITHIN)

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


_runtimes: dict[str, Runtime] = {}


def runtime_for(service: Service) -> Runtime:
    """The runtime of a service in this process, made from the environment on first use."""
    if service.name not in _runtimes:
        _runtimes[service.name] = Runtime(service, read_settings(os.environ | {"REESTR_SERVICE": service.name}))
    return _runtimes[service.name]

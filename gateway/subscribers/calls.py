"""What the command line asks about subscribers, and the read model of them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import marshmallow as ma
import msgspec
import sqlalchemy as sa

from gateway.subscribers import subscriber as subscribers
from gateway.subscribers.subscriber import AddSubscriber, RemoveSubscriber, Subscriber, SubscriberAdded
from gateway.tables import metadata
from services.kernel.broker import password_hash
from services.kernel.clock import from_micros, to_iso
from services.kernel.commands import CommandSchema, CommandSpec, Tools, Written
from services.kernel.context import Context
from services.kernel.errors import NotFound
from services.kernel.events import Recorded
from services.kernel.lists import ListSchema, Page
from services.kernel.projections import Projection, Rows
from services.kernel.rights import Rights
from services.kernel.schemas import Text
from services.kernel.store.aggregates import Aggregate
from services.kernel.validation import Wrong
from services.kernel.wiring import QuerySpec

SUBSCRIBER: Aggregate[Subscriber] = Aggregate("subscriber", Subscriber, subscribers.evolve)
MOST_TOPICS = 200

TABLE = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("topics", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
)


class _Shaped(Text):
    """A name of a certain shape."""

    def __init__(self, shape: str, ru: str, en: str, **kwargs: Any) -> None:
        super().__init__(100, **kwargs)
        self._shape, self._texts = re.compile(shape), (ru, en)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self._shape.fullmatch(text):
            raise Wrong("wrong-name", *self._texts)
        return text


def _name() -> _Shaped:
    ru = "Имя: от 2 до 32 строчных латинских букв, цифр и дефисов, первая — буква"
    en = "A name has 2 to 32 lower-case Latin letters, digits and hyphens, a letter first"
    return _Shaped(r"[a-z][a-z0-9-]{1,31}", ru, en, required=True)


class AddSubscriberSchema(CommandSchema):
    command = AddSubscriber

    name = _name()
    topics = ma.fields.List(
        _Shaped(r"[a-z]+\.[A-Z][A-Za-z]+", "Вид: clients.ClientCreated", "Such as clients.ClientCreated"),
        required=True,
        validate=ma.validate.Length(1, MOST_TOPICS),
    )

    @ma.post_load
    def make(self, data: dict[str, Any], **_: Any) -> AddSubscriber:
        return AddSubscriber(data["name"], tuple(data["topics"]))


class RemoveSubscriberSchema(CommandSchema):
    command = RemoveSubscriber

    name = _name()


class GetSubscriberSchema(ma.Schema):
    name = _name()


class SubscriberView(ma.Schema):
    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    topics = ma.fields.List(ma.fields.String(), required=True)
    active = ma.fields.Boolean(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    password = ma.fields.String(metadata={"description": "Told once, when the subscriber is added"})


def add_subscriber(tools: Tools, command: AddSubscriber, context: Context) -> Written:
    try:
        on: Any = tools.load(SUBSCRIBER, command.name, context)
    except NotFound:
        on = tools.begin(SUBSCRIBER, command.name)
    password = subscribers.new_password()
    events = subscribers.add_subscriber(on.state, command, password_hash(password))
    return replace(tools.append(context, on, events), reveal={"password": password})


def remove_subscriber(tools: Tools, command: RemoveSubscriber, context: Context) -> Written:
    on = tools.load(SUBSCRIBER, command.name, context)
    return tools.append(context, on, subscribers.remove_subscriber(on.state, command))


def on_subscriber_added(rows: Rows, recorded: Recorded) -> None:
    event: SubscriberAdded = recorded.event
    row = {"id": event.name, "version": recorded.version, "topics": msgspec.json.encode(event.topics).decode()}
    rows.put(TABLE, {**row, "password_hash": event.password_hash, "active": True, "created_at": recorded.recorded})


def on_subscriber_removed(rows: Rows, recorded: Recorded) -> None:
    rows.change(TABLE, recorded.subject, version=recorded.version, active=False)


def get_subscriber(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    row = connection.execute(sa.select(TABLE).where(TABLE.c.id == arguments["name"])).first()
    if row is None:
        raise NotFound(what="subscriber", id=arguments["name"])
    return _view(row)


def list_subscribers(connection: sa.Connection, arguments: Mapping[str, Any], _rights: Rights) -> dict[str, Any]:
    return Page.of(arguments).answer(connection, sa.select(TABLE).where(TABLE.c.active), TABLE.c.id, _view)


def _view(row: sa.Row[Any]) -> dict[str, Any]:
    view = {name: getattr(row, name) for name in ("id", "version", "active")}
    return {**view, "topics": msgspec.json.decode(row.topics), "created_at": to_iso(from_micros(row.created_at))}


EVENTS = (SubscriberAdded, subscribers.SubscriberRemoved)
COMMANDS = {
    "add_subscriber": CommandSpec(AddSubscriberSchema, add_subscriber, "get_subscriber", changes=False),
    "remove_subscriber": CommandSpec(RemoveSubscriberSchema, remove_subscriber, "get_subscriber", changes=False),
}
QUERIES = {
    "get_subscriber": QuerySpec(GetSubscriberSchema, get_subscriber, SubscriberView),
    "list_subscribers": QuerySpec(ListSchema, list_subscribers, SubscriberView, many=True),
}
PROJECTION = Projection(
    name="subscribers",
    tables=(TABLE,),
    on={"gateway": {"SubscriberAdded": on_subscriber_added, "SubscriberRemoved": on_subscriber_removed}},
)

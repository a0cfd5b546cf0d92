"""Subscribers: kept in the store, and the broker told of those and of no others."""

import amqp
import kombu
import pytest

from gateway.subscribers.broker_users import Account, BrokerUsers, management_url
from gateway.subscribers.keeper import Keeper
from services.kernel.broker import password_hash
from services.kernel.ids import new_id

TOPICS = ["clients.ClientCreated", "deals.DealWon"]


def name_of_its_own() -> str:
    """Users are shared by the whole broker."""
    return f"s-{new_id()[-12:]}"


@pytest.fixture
def broker(rabbitmq, vhost):
    users = BrokerUsers(
        f"http://{rabbitmq.user}:{rabbitmq.password}@{rabbitmq.host}:{rabbitmq.management_port}", vhost.name
    )
    yield users
    for name in users.present():
        users.drop(name)


@pytest.fixture
def keeper(system, broker):
    made = Keeper(system.runtimes["gateway"])
    made._users = broker
    return made


def url_of(vhost, name, password):
    at = vhost.server
    return f"amqp://ext.{name}:{password}@{at.host}:{at.port}/{vhost.name}"


def lets_in(vhost, name, password):
    try:
        with kombu.Connection(url_of(vhost, name, password)) as connection:
            connection.connect()
    except amqp.AMQPError:
        return False
    return True


def test_a_password_is_told_once_and_kept_as_a_hash(system):
    name = name_of_its_own()
    added = system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS}, key="once")
    assert len(added["password"]) > 30
    again = system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS}, key="once")
    assert "password" not in again
    known = system.do("gateway", "get_subscriber", {"name": name})
    assert (known["topics"], known["active"]) == (TOPICS, True)
    assert added["password"] not in repr((known, system.rows("gateway")))


def test_a_name_is_taken_until_its_subscriber_is_removed(system):
    name = name_of_its_own()
    system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS})
    refused = system.refusal("gateway", "add_subscriber", {"name": name, "topics": TOPICS})
    assert refused["type"] == "subscriber-exists"
    removed = system.do("gateway", "remove_subscriber", {"name": name})
    assert not removed["active"]
    assert name not in {row["id"] for row in system.do("gateway", "list_subscribers", {"limit": 500})["items"]}
    assert system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS[:1]})["topics"] == TOPICS[:1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "A"}, "name"),
        ({"name": "a.b"}, "name"),
        ({"name": "ext*"}, "name"),
        ({"name": "a" * 33}, "name"),
        ({"topics": []}, "topics"),
        ({"topics": ["#"]}, "topics.0"),
        ({"topics": ["clients.*"]}, "topics.0"),
    ],
)
def test_names_and_topics_that_could_mean_more_than_they_say_are_refused(system, body, field):
    refused = system.refusal("gateway", "add_subscriber", {"name": "fine", "topics": TOPICS, **body})
    assert [error["field"] for error in refused["errors"]] == [field]


def test_the_broker_is_told_of_a_subscriber_and_again_when_it_forgot(system, vhost, broker, keeper):
    name = name_of_its_own()
    password = system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS})["password"]
    keeper.settle()
    assert lets_in(vhost, name, password)
    broker.drop(name)
    assert not lets_in(vhost, name, password)
    keeper.settle()
    assert lets_in(vhost, name, password)


def test_a_subscriber_half_told_is_told_whole(system, vhost, broker, keeper):
    """The right to enter comes last: a user without it is no subscriber yet."""
    name = name_of_its_own()
    password = system.do("gateway", "add_subscriber", {"name": name, "topics": TOPICS})["password"]
    vhost.server.api("PUT", f"users/ext.{name}", {"password_hash": password_hash(password), "tags": ""})
    assert name not in broker.present()
    keeper.settle()
    assert lets_in(vhost, name, password)


def test_who_was_removed_is_out_with_his_queues_and_others_stay(system, vhost, broker, keeper):
    name, other = name_of_its_own(), name_of_its_own()
    passwords = {
        one: system.do("gateway", "add_subscriber", {"name": one, "topics": TOPICS})["password"]
        for one in (name, other)
    }
    keeper.settle()
    with kombu.Connection(url_of(vhost, name, passwords[name])) as connection:
        connection.channel().queue_declare(f"ext.{name}.q", durable=True, auto_delete=False)
    system.do("gateway", "remove_subscriber", {"name": name})
    keeper.settle()
    assert not lets_in(vhost, name, passwords[name])
    assert lets_in(vhost, other, passwords[other])
    with pytest.raises(amqp.NotFound):
        vhost.depth(f"ext.{name}.q")


def test_queues_are_bounded_whatever_they_are_declared_with(vhost, broker):
    name = name_of_its_own()
    broker.limit()
    broker.put(Account(name, password_hash("secret"), TOPICS))
    [policy] = vhost.server.api("GET", f"operator-policies/{vhost.name}")
    assert policy["pattern"] == "^ext\\."
    assert set(policy["definition"]) == {"max-length", "max-length-bytes", "message-ttl", "expires"}
    with kombu.Connection(url_of(vhost, name, "secret")) as connection:
        channel = connection.channel()
        for number in range(20):
            channel.queue_declare(f"ext.{name}.{number:02}", durable=True, auto_delete=False)
        channel.queue_declare(f"ext.{name}.00.s", durable=True, auto_delete=False, arguments={"x-queue-type": "stream"})
    broker.weed()
    left = {queue["name"] for queue in broker._queues()}
    assert left == {f"ext.{name}.{number:02}" for number in range(15)}


def test_the_management_api_is_found_from_the_address_of_the_broker():
    assert management_url("amqp://u:p%40w@rabbit:5673/reestr") == "http://u:p%40w@rabbit:15672"
    assert management_url("amqps://u:p@one/v;amqps://u:p@two/v") == "https://u:p@one:15671"

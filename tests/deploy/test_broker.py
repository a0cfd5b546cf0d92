import time

import kombu
import pytest
from amqp.exceptions import AccessRefused

from deploy.reestr.broker import BrokerFailed
from deploy.reestr.ports import is_free


def publish(url, text):
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        queue = kombu.Queue("reestr.kept", durable=True, queue_arguments={"x-queue-type": "quorum"})
        channel = connection.channel()
        queue(channel).declare()
        connection.Producer(channel).publish(text, routing_key="reestr.kept", delivery_mode=2)


def wait_for_depth(url, wanted):
    deadline = time.monotonic() + 10
    with kombu.Connection(url) as connection:
        channel = connection.channel()
        while channel.queue_declare("reestr.kept", passive=True).message_count != wanted:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_only_the_user_of_the_installation_gets_in(own_broker):
    assert own_broker.ctl("list_users").split() == ["user", "tags", "reestr", "[administrator]"]
    guest = "amqp://guest:guest@" + own_broker.url.partition("@")[2]
    with kombu.Connection(guest) as connection, pytest.raises(AccessRefused):
        connection.connect()


def test_its_secrets_are_private(own_broker):
    for name in ("identity.json", "definitions.json", ".erlang.cookie"):
        assert (own_broker.home / name).stat().st_mode & 0o077 == 0


def test_queues_are_bounded_by_policy(own_broker):
    policies = own_broker.ctl("list_policies", "-p", "reestr")
    assert '^reestr\\.\tqueues\t{"max-length":100000,"message-ttl":86400000,"overflow":"drop-head"}' in policies


def test_messages_outlive_a_stop_and_a_kill(own_broker):
    publish(own_broker.url, "one")
    own_broker.stop()
    assert is_free(own_broker.identity.amqp)
    own_broker.ensure()
    publish(own_broker.url, "two")
    own_broker.kill()
    own_broker.ensure()
    wait_for_depth(own_broker.url, 2)


@pytest.mark.long
def test_data_that_no_node_starts_on_is_put_aside(own_broker):
    url = own_broker.url
    own_broker.stop()
    (own_broker.home / "mnesia" / "reestr@localhost" / "schema.DAT").write_bytes(b"cut short")
    own_broker.ensure(timeout=30)
    assert own_broker.url == url
    assert list(own_broker.home.glob("mnesia.broken-*"))


def test_a_failed_command_says_why(own_broker):
    with pytest.raises(BrokerFailed, match="no_such_command"):
        own_broker.ctl("no_such_command")

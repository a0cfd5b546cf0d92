"""What is declared on the broker, and connections that do not hang on it."""

import os
import signal
import time

import amqp
import pytest

from services.kernel import broker
from services.kernel.message import TAIL
from tests.kernel.messaging import eventually, message, publish


def queue(vhost, name):
    return eventually(lambda: vhost.server.api("GET", f"queues/{vhost.name}/{name}"))


def test_a_queue_is_replicated_and_has_one_active_consumer(vhost):
    with broker.connected(vhost.url) as connection:
        broker.declare(connection, "reader", ["samples"])
    declared = queue(vhost, "reestr.reader.samples")
    assert declared["durable"]
    assert declared["arguments"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}


def test_what_is_declared_can_be_declared_again(vhost):
    with broker.connected(vhost.url) as connection:
        for _ in range(2):
            broker.declare(connection, "reader", ["samples", "others"])


def test_a_queue_hears_all_of_its_source_and_nothing_else(vhost):
    with broker.connected(vhost.url) as connection:
        broker.declare(connection, "reader", ["samples"])
    publish(vhost.url, message(1))
    publish(vhost.url, message(2), routing_key=f"samples.{TAIL}")
    publish(vhost.url, message(1), routing_key="others.Opened")
    assert eventually(lambda: vhost.depth("reestr.reader.samples")) == 2


def test_dead_letters_say_whose_they_were_and_why(vhost):
    with broker.connected(vhost.url) as connection:
        broker.declare(connection, "reader", [])
        broker.bury(connection, b"not ours", "reader", "no envelope")
        letter = eventually(lambda: connection.channel().basic_get("reestr.dead"))
    assert letter.body == b"not ours"
    assert letter.headers.items() >= {"service": "reader", "reason": "no envelope"}.items()


def test_a_letter_that_nobody_keeps_is_an_error(vhost):
    with broker.connected(vhost.url) as connection:
        broker.declare(connection, "reader", [])
        connection.channel().queue_delete("reestr.dead")
        with pytest.raises(amqp.AMQPError):
            broker.bury(connection, b"not ours", "reader", "no envelope")


def test_a_connection_is_kept_by_heartbeats_and_its_loss_is_noticed(vhost, monkeypatch):
    monkeypatch.setattr(broker, "HEARTBEAT", 1)
    with pytest.raises((amqp.AMQPError, OSError)), broker.connected(vhost.url) as connection:
        until = time.monotonic() + 4
        while time.monotonic() < until:
            broker.keep_alive(connection)
            time.sleep(0.2)
        assert connection.connected
        [open_connection] = eventually(lambda: vhost.server.api("GET", f"vhosts/{vhost.name}/connections"))
        vhost.server.api("DELETE", f"connections/{open_connection['name']}")
        while True:
            broker.keep_alive(connection)


def test_the_next_host_is_tried_where_one_does_not_answer(vhost):
    with broker.connected(f"amqp://127.0.0.1:1//;{vhost.url}") as connection:
        assert connection.connected


def test_a_broker_that_is_not_there_is_an_error_at_once():
    began = time.monotonic()
    with pytest.raises(OSError), broker.connected("amqp://127.0.0.1:1//"):
        raise AssertionError
    assert time.monotonic() - began < 1


def test_a_broker_that_lives_and_does_not_answer_is_given_up(own_broker, monkeypatch):
    monkeypatch.setattr(broker, "ANSWER_WITHIN", 0.5)
    group = own_broker.process().pid
    with pytest.raises(TimeoutError), broker.connected(own_broker.url) as connection:
        os.killpg(group, signal.SIGSTOP)
        try:
            broker.declare(connection, "reader", ["samples"])
        finally:
            os.killpg(group, signal.SIGCONT)

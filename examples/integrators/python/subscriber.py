"""Hears by AMQP and catches up by the feed: python -m examples.integrators.python.subscriber <book>.

REESTR_AMQP_URL and REESTR_TOPICS (routing keys separated by spaces) come from `reestr subscriber
add`; REESTR_ADDRESS, REESTR_KEY and REESTR_TYPES are for the feed.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import amqp
import kombu

from examples.integrators.python.book import Book
from examples.integrators.python.feed import page

EXCHANGE: Any = kombu.Exchange("reestr.events", "topic", durable=True, passive=True)
CATCH_UP_EVERY = 300.0
PAUSE = 1.0


def follow(book: Book) -> None:
    """A queue is a hint: bounded, and gone with the broker's disk. So the place to go on from
    moves with the feed alone, and what both bring is known by its id."""
    while True:
        try:
            with kombu.Connection(os.environ["REESTR_AMQP_URL"], heartbeat=20, connect_timeout=5) as connection:
                hear(connection, book)
        except (OSError, amqp.AMQPError):
            time.sleep(PAUSE)


def hear(connection: Any, book: Book) -> None:
    def on_message(message: Any) -> None:
        book.take([json.loads(message.body)])
        message.ack()

    with kombu.Consumer(connection.channel(), [queue()], on_message=on_message, prefetch_count=100):
        while True:
            catch_up(book)
            until = time.monotonic() + CATCH_UP_EVERY
            while time.monotonic() < until:
                try:
                    connection.drain_events(timeout=1.0)
                except TimeoutError:
                    connection.heartbeat_check()


def queue() -> Any:
    """A queue in one's own name space, bound to what one may hear."""
    user = urlsplit(os.environ["REESTR_AMQP_URL"]).username
    bindings = [kombu.binding(EXCHANGE, topic) for topic in os.environ["REESTR_TOPICS"].split()]
    return kombu.Queue(f"{user}.main", bindings, durable=True)


def catch_up(book: Book) -> None:
    """Everything there is by now, the queue being bound already: so nothing falls between."""
    while (found := page(book.cursor(), wait=0))["items"]:
        book.take(found["items"], found["next"])
    book.take([], found["next"])


if __name__ == "__main__":
    follow(Book(Path(sys.argv[1])))

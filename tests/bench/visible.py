"""From HTTP 201 to visible in another service, and a bare trip through the broker."""

import http.client
import json
import secrets
import time
from functools import cache
from typing import Any

import amqp
import psycopg2
from sqlalchemy.engine import make_url

SHORT = 0.0002
PATIENCE = 30.0
TOPIC = "bench.trips"


def ours(port: int, key: str, views: str, trips: int) -> list[float]:
    """Milliseconds from the answer that a client was created to its row in reporting, each time."""
    return [_visible_after(port, key, views) for _ in range(trips)]


def _visible_after(port: int, key: str, views: str) -> float:
    id = create_client(port, key)
    answered = time.perf_counter()
    cursor = _views(views).cursor()
    while time.perf_counter() < answered + PATIENCE:
        cursor.execute("SELECT 1 FROM views.clients WHERE id = %s", (id,))
        if cursor.fetchone():
            return (time.perf_counter() - answered) * 1000
        time.sleep(SHORT)
    raise RuntimeError("a client did not become visible")


def create_client(port: int, key: str) -> str:
    return str(_post(port, key, "/v1/clients", _client(), 201)["id"])


def one_by_one(port: int, key: str, clients: int) -> float:
    """Clients created a second, each by a request of its own."""
    begun = time.perf_counter()
    for _ in range(clients):
        create_client(port, key)
    return clients / (time.perf_counter() - begun)


def in_bulk(port: int, key: str, clients: int) -> float:
    """Clients created a second, all of them by one request."""
    items = [{"method": "POST", "path": "/v1/clients", "body": _client()} for _ in range(clients)]
    begun = time.perf_counter()
    answers = _post(port, key, "/v1/bulk", {"items": items}, 200)["items"]
    seconds = time.perf_counter() - begun
    assert all(answer["status"] == 201 for answer in answers), answers
    return clients / seconds


def _client() -> dict[str, Any]:
    name = secrets.token_hex(6)
    return {"kind": "individual", "name": f"Клиент {name}", "emails": [f"{name}@example.ru"]}


def _post(port: int, key: str, path: str, body: Any, status: int) -> Any:
    connection = _gateway(port)
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": secrets.token_hex(6),
        "Content-Type": "application/json",
    }
    connection.request("POST", path, json.dumps(body).encode(), headers)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    assert answer.status == status, content
    return content


def bare(url: str, trips: int) -> list[float]:
    """Milliseconds from publishing a message, persistent as ours are, to having it from its queue."""
    publisher, consumer, came = _ends(url)
    return [_trip(publisher, consumer, came) for _ in range(trips)]


def _trip(publisher: Any, consumer: Any, came: list[Any]) -> float:
    begun = time.perf_counter()
    publisher.basic_publish(amqp.Message(b"x" * 700, delivery_mode=2), TOPIC, "clients.ClientCreated")
    while not came:
        consumer.connection.drain_events(timeout=PATIENCE)
    milliseconds = (time.perf_counter() - begun) * 1000
    consumer.basic_ack(came.pop().delivery_tag)
    return milliseconds


@cache
def _ends(url: str) -> tuple[Any, Any, list[Any]]:
    publisher, consumer = (_channel(url) for _ in range(2))
    came: list[Any] = []
    consumer.exchange_declare(TOPIC, "topic", durable=True, auto_delete=False)
    consumer.queue_declare(TOPIC, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    consumer.queue_bind(TOPIC, TOPIC, "clients.#")
    consumer.basic_qos(0, 200, False)
    consumer.basic_consume(TOPIC, callback=came.append)
    return publisher, consumer, came


def _channel(url: str) -> Any:
    at = make_url(url)
    connection = amqp.Connection(f"{at.host}:{at.port}", at.username, at.password, virtual_host=at.database)
    connection.connect()
    return connection.channel()


@cache
def _gateway(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)


@cache
def _views(url: str) -> Any:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    return connection

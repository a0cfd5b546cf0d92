"""A client base as large as is asked for, and what is done with it: ours in process, and by hand in SQL."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import psycopg2

from services.clients.wiring import SERVICE
from services.kernel import clock
from services.kernel.config import read_settings
from services.kernel.context import Context
from services.kernel.ids import new_id
from services.kernel.runtime import Runtime

CITIES = ("Тула", "Орёл", "Тверь", "Псков", "Калуга", "Рязань", "Самара", "Пермь", "Омск", "Томск")
WORDS = ("Ромашка", "Берёзка", "Мебель", "Сервис", "Торг", "Строй", "Север", "Восток", "Металл", "Пресс")
IN_BULK = 200
# a word of a copy's own, so that copies are found one by one
WORD = "translate(substr(md5(id || n), 1, 9), '0123456789abcdef', 'бвгдклмнпрстаеио')"
VIEWS: Mapping[str, Mapping[str, str]] = {
    "clients": {
        "id": "id || '-' || n",
        "name": f"name || ' ' || {WORD}",
        "name_folded": f"name_folded || ' ' || {WORD}",
        "searched": f"{WORD} || ' ' || searched",
        "phones_folded": "replace(phones_folded, '+7916', '+7' || (917 + n %% 80)::text)",
    },
    "client_keys": {"client_id": "client_id || '-' || n", "key": "key || '-' || n"},
    "interactions": {"id": "id || '-' || n", "client_id": "client_id || '-' || n"},
}
STORE = {
    "position": "position + n * %(size)s",
    "previous": "previous + n * %(size)s",
    "id": "id || '-' || n",
    "stream": "stream || '-' || n",
}
KEY_OF = {"client_keys": "client_id"}
PORTION = 5


@cache
def runtime(url: str, keyring: str, master: str) -> Runtime:
    running = Runtime(
        SERVICE,
        read_settings(
            {
                "REESTR_SERVICE": "clients",
                "REESTR_STORE_URL": url,
                "REESTR_KEYRING_URL": keyring,
                "REESTR_MASTER_KEY_FILE": master,
                "REESTR_AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1/",
            }
        ),
    )
    running.projections.start()
    return running


def do(running: Runtime, method: str, arguments: Mapping[str, Any], version: int | None = None) -> Any:
    answer = running.answers.answer(method, {"arguments": arguments, "context": _context(version).to_dict()})
    if "problem" in answer:
        raise RuntimeError(answer["problem"]["en"])
    return answer["result"]


def _context(version: int | None = None) -> Context:
    now, id = clock.now(), new_id()
    return Context(
        "user-1", "key-1", id, id, now, now + timedelta(minutes=1), idempotency_key=id, expected_version=version
    )


def card() -> dict[str, Any]:
    some = random.sample(WORDS, 2)
    number = f"+7916{random.randrange(10_000_000):07}"
    name = f"ООО «{some[0]}-{some[1]} {new_id()[-6:]}»"
    contact = {"phones": [number], "emails": [f"{new_id()}@client.example"], "contact_person": "Кравцов Илья"}
    return {"kind": "legal_entity", "name": name, "city": random.choice(CITIES), "allow_duplicate": True, **contact}


def fill(url: str, keyring: str, master: str, few: int, interactions: int, times: int) -> list[str]:
    """Clients, each with interactions, made by commands; then copied, in the store and in the read
    models, until there are so many times more. Those made first, whose ids are the answer, can be
    opened and changed; the copies are there to be searched among."""
    running = runtime(url, keyring, master)
    do(running, "install_defaults", {})
    made = [one for _ in range(0, few, IN_BULK) for one in _bulk(running, "create_client", _cards())]
    ids: list[str] = [one["id"] for one in made]
    for _ in range(interactions):
        for start in range(0, few, IN_BULK):
            _bulk(running, "plan_interaction", [_planned(id) for id in ids[start : start + IN_BULK]])
    position = running.store.head().position
    assert running.projections.wait("clients", position, 600)
    running.projections.stop()
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for first in range(1, times, PORTION):
            numbers = {"first": first, "last": min(times, first + PORTION) - 1, "size": position}
            _copy(cursor, "store", "events", STORE, "position <= %(size)s", numbers)
            for table, changed in VIEWS.items():
                _copy(cursor, "views", table, changed, f"length({KEY_OF.get(table, 'id')}) = 36", numbers)
        folded = "UPDATE views.projection_checkpoints SET position = (SELECT max(position) FROM store.events) "
        cursor.execute(folded + "WHERE source = 'clients'")
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return ids


def _cards() -> list[dict[str, Any]]:
    return [card() for _ in range(IN_BULK)]


def _planned(client_id: str) -> dict[str, Any]:
    at = {"starts_at": "2026-03-02T10:00:00+03:00", "ends_at": "2026-03-02T11:00:00+03:00"}
    return {"client_id": client_id, "employee_id": None, "kind": "meeting", "subject": "Мебель для переговорной", **at}


def _bulk(running: Runtime, call: str, many: list[dict[str, Any]]) -> list[Any]:
    """All in one call, as a bulk request makes them."""
    items = [{"call": call, "arguments": one, "context": _context().to_dict()} for one in many]
    answers = running.answers.bulk({"arguments": {"items": items}})["result"]
    assert all("result" in answer for answer in answers), answers[0]
    return [answer["result"] for answer in answers]


def _copy(
    cursor: Any, schema: str, table: str, changed: Mapping[str, str], of: str, numbers: Mapping[str, int]
) -> None:
    """Rows again and again, with other keys."""
    named = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
    cursor.execute(named, [schema, table])
    columns = {name: f'"{name}"' for (name,) in cursor.fetchall()}
    values = ", ".join({**columns, **{name: how for name, how in changed.items() if name in columns}}.values())
    cursor.execute(
        f"INSERT INTO {schema}.{table} ({', '.join(columns.values())}) SELECT {values} "
        f"FROM {schema}.{table} CROSS JOIN generate_series(%(first)s, %(last)s) AS n WHERE {of}",
        numbers,
    )


def _rate(count: int, once: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    for _ in range(count):
        once()
    return count / (time.perf_counter() - begun)


def create(count: int, **where: str) -> float:
    running = runtime(**where)
    return _rate(count, lambda: do(running, "create_client", card()))


def open_card(ids: list[str], count: int, **where: str) -> float:
    running = runtime(**where)
    return _rate(count, lambda: do(running, "get_client", {"client_id": random.choice(ids)}))


def list_by_filter(count: int, **where: str) -> float:
    running = runtime(**where)
    return _rate(
        count, lambda: do(running, "list_clients", {"filter": f'city = "{random.choice(CITIES)}"', "sort": "name"})
    )


def list_interactions(ids: list[str], count: int, **where: str) -> float:
    running = runtime(**where)
    return _rate(
        count, lambda: do(running, "list_interactions", {"client_id": random.choice(ids), "sort": "-starts_at"})
    )


def merge(count: int, **where: str) -> float:
    """Pairs of clients made for it."""
    running = runtime(**where)
    pairs = [[do(running, "create_client", card()) for _ in range(2)] for _ in range(count)]
    asked = iter(pairs)

    def once() -> None:
        kept, merged = next(asked)
        do(running, "merge_clients", {"client_id": kept["id"], "merged_id": merged["id"]}, kept["version"])

    return _rate(count, once)


def search(count: int, url: str, **where: str) -> float:
    running, parts = runtime(url, **where), _parts(url)
    return _rate(count, lambda: do(running, "list_clients", {"q": random.choice(parts)}))


def search_nearly(count: int, url: str, **where: str) -> float:
    """A letter of each is wrong, so that nothing is found as it is asked for."""
    running, parts = runtime(url, **where), _parts(url)
    return _rate(count, lambda: do(running, "list_clients", {"q": f"{(part := random.choice(parts))[:3]}щ{part[4:]}"}))


def search_by_hand(count: int, url: str) -> float:
    """The same page by one statement, on the same indexes."""
    connection, parts = psycopg2.connect(url), _parts(url)
    connection.autocommit = True
    cursor = connection.cursor()

    def once() -> None:
        part = f"%{random.choice(parts)}%"
        cursor.execute(
            "SELECT * FROM views.clients WHERE merged_into IS NULL AND "
            "(searched LIKE %(part)s OR phones_folded LIKE %(part)s OR emails_folded LIKE %(part)s) "
            "ORDER BY id LIMIT 101",
            {"part": part},
        )
        cursor.fetchall()

    return _rate(count, once)


@cache
def _parts(url: str) -> list[str]:
    """Words of single clients, cut at both ends."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT searched FROM views.clients WHERE length(id) > 36 LIMIT 2000")
        return [searched.split()[0][1:] for (searched,) in cursor.fetchall()]

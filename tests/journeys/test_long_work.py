"""Long work on a running system whose services are killed in the middle of it."""

import csv
import io
import random
import time
from collections import Counter
from typing import Any

import pytest

from services.kernel.ids import new_id
from tests.journeys.conftest import Installation, eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]
CLIENTS = 1500
AT_ONCE = 500
ENDED = ("completed", "failed", "stopped")


@pytest.fixture(scope="module")
def ids(installation) -> list[str]:
    """Many clients of one town, made in bulk."""
    made: list[str] = []
    for _ in range(CLIENTS // AT_ONCE):
        card = {"kind": "individual", "city": "Тверь"}
        items = [{"method": "POST", "path": "/v1/clients", "body": {**card, "name": new_id()}} for _ in range(AT_ONCE)]
        answer = installation.api.post("/v1/bulk", {"items": items}, new_id())
        made += [item["id"] for item in answer.body["items"]]
        installation.api.get("/v1/clients", limit=1, min_position=answer.position.split(",")[0])
    assert len(set(made)) == CLIENTS
    return made


def begun(installation: Installation, path: str, body: dict[str, Any]) -> str:
    return str(installation.api.post(path, body, new_id()).headers["Location"])


def killed_until_done(installation: Installation, place: str, service: str, kills: int = 3) -> Any:
    """What became of it, the service having been killed a few times before it was done."""
    chance = random.Random(20261123)

    def look() -> Any:
        now = installation.api.get(place)
        return now["state"] in ENDED and now

    for _ in range(kills):
        time.sleep(chance.uniform(0.1, 0.6))
        eventually(lambda: installation.runs(service))
        installation.kill(service)
        eventually(lambda: installation.api.get(place), 60)
    return eventually(look, 180)


def towns(installation: Installation, ids: list[str]) -> Counter[str]:
    """How many of the clients are of which town, and at which version."""
    found: Counter[str] = Counter()
    page = installation.api.get("/v1/clients", limit=500, fields="city")
    wanted = set(ids)
    while True:
        found.update(f"{one['city']} {one['version']}" for one in page["items"] if one["id"] in wanted)
        if page["next"] is None:
            return found
        page = installation.api.get("/v1/clients", limit=500, fields="city", cursor=page["next"])


def test_an_edit_and_its_undoing_change_each_client_once_whatever_is_killed(installation, ids):
    place = begun(installation, "/v1/clients/edit", {"client_ids": ids, "city": "Клин"})
    edited = killed_until_done(installation, place, "clients")
    assert (edited["state"], edited["counts"]) == ("completed", {"changed": CLIENTS})
    assert eventually(lambda: towns(installation, ids)) == {"Клин 2": CLIENTS}
    undone = begun(installation, f"{place}/revert", {})
    assert killed_until_done(installation, undone, "clients")["counts"] == {"reverted": CLIENTS}
    assert towns(installation, ids) == {"Тверь 3": CLIENTS}


@pytest.mark.parametrize("service", ["reporting", "clients", "gateway"])
def test_an_export_has_every_row_once_whatever_is_killed(installation, ids, service):
    asked = {"format": "csv", "filter": 'city = "Тверь"', "fields": ["id", "city"]}
    place = begun(installation, "/v1/clients/export", asked)
    export = killed_until_done(installation, place, service)
    assert (export["state"], export["rows"]) == ("completed", CLIENTS)
    content = installation.api.download(f"{place}/file").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1:]
    assert sorted(row[0] for row in rows) == sorted(ids)

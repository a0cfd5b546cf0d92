"""A client generated from the specification, as an integrator would: it sells and is paid."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from services.kernel.ids import new_id
from tests.contracts.generated import Client, generated
from tests.gateway.conftest import Web


@pytest.fixture(scope="module")
def web(system):
    return Web(system)


@pytest.fixture(scope="module")
def package(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with generated(web.openapi, tmp_path_factory.mktemp("generated")) as package:
        yield package


@pytest.fixture
def client(package, web):
    return Client(package, "http://reestr", web.key, transport=httpx.WSGITransport(app=web.app))


def test_every_operation_has_a_function(web, package):
    folder = Path(str(package.__file__)).parent / "api"
    made = {path.stem for path in folder.glob("*/*.py") if path.stem != "__init__"}
    assert made == {op["operationId"] for ops in web.openapi["paths"].values() for op in ops.values()}


def test_a_client_is_created_sold_to_and_read(web, client):
    body = client.model("CreateClientBody", kind="individual", name="Кравцов Илья Никитич")
    made = client("clients", "create_client", body=body, idempotency_key=new_id())
    assert made.status_code == 201
    line = {"name": "Стол", "quantity": "2", "price": "100.00"}
    deal = client.model("OpenDealBody", client_id=made.parsed.id, title="Кухня", lines=[line])
    web.system.deliver()
    opened = client("deals", "open_deal", body=deal, idempotency_key=new_id())
    assert opened.status_code == 201
    assert opened.parsed.amount == "200.00"
    stage = client.model("ChangeDealStageBody", stage="offer")
    moved = client(
        "deals",
        "change_deal_stage",
        opened.parsed.id,
        body=stage,
        idempotency_key=new_id(),
        if_match=opened.headers["ETag"],
    )
    assert moved.parsed.stage == "offer"
    read = client("deals", "get_deal", opened.parsed.id)
    assert read.parsed.to_dict() == moved.parsed.to_dict()
    listed = client("deals", "list_deals", filter_=f'client_id = "{made.parsed.id}"')
    assert [item.to_dict()["id"] for item in listed.parsed.items] == [opened.parsed.id]


def test_a_refusal_is_read_as_a_problem(client):
    refused = client("clients", "get_client", "no-such-id")
    assert refused.status_code == 404
    assert json.loads(refused.content)["type"] == "/problems/not-found"

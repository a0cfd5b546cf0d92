"""A client generated from the specification, as an integrator would: it sells and is paid."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from services.kernel.ids import new_id
from tests.gateway.conftest import Web

NAME = "reestr_client"


def generated(document: Any, folder: Path) -> list[str]:
    """Writes the client; what the generator had to complain of."""
    source = folder / "openapi.json"
    source.write_text(json.dumps(document))
    file = ConfigFile(post_hooks=[], content_type_overrides={"application/pdf": "application/octet-stream"})
    config = Config.from_sources(
        file,
        meta_type=MetaType.NONE,
        document_source=source,
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder / NAME,
    )
    return [f"{error.header} {error.detail}" for error in generate(config=config)]


@pytest.fixture(scope="module")
def web(system):
    return Web(system)


@pytest.fixture(scope="module")
def package(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("generated")
    assert generated(web.openapi, folder) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module(NAME)
        for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
            del sys.modules[name]


class Client:
    """The generated functions by tag and operation."""

    def __init__(self, package: ModuleType, web: Web) -> None:
        self._client = package.AuthenticatedClient(
            "http://reestr", web.key, httpx_args={"transport": httpx.WSGITransport(app=web.app)}
        )
        self._package = package.__name__

    def model(self, kind: str, /, **fields: Any) -> Any:
        return getattr(importlib.import_module(f"{self._package}.models"), kind).from_dict(fields)

    def __call__(self, tag: str, operation: str, *args: Any, **kwargs: Any) -> Any:
        function = importlib.import_module(f"{self._package}.api.{tag}.{operation}")
        return function.sync_detailed(*args, client=self._client, **kwargs)


@pytest.fixture
def client(package, web):
    return Client(package, web)


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

"""The two specifications and the catalogue of events, against their official schemas and the code."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway import asyncapi, openapi
from gateway.routes import ROUTES
from services.kernel.contracts import describe
from services.kernel.events import type_of
from tests.system import SERVICES

HERE = Path(__file__).parent
DESCRIBED = {service.name: json.loads(json.dumps(describe(service))) for service in SERVICES}
OPENAPI = openapi.document(ROUTES, DESCRIBED)
ASYNCAPI = asyncapi.document(DESCRIBED)
EVENT_TYPES = asyncapi.event_types(DESCRIBED)["items"]
PUBLIC = {type_of(cls).name: service for service in SERVICES for cls in service.contract}


def nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_the_openapi_document_is_valid():
    assert OPENAPI["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(OPENAPI).validate()


def test_the_asyncapi_document_is_valid():
    official = json.loads((HERE / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8"))
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    jsonschema.Draft7Validator(official).validate(ASYNCAPI)


def test_the_official_schema_refuses_what_is_no_asyncapi():
    official = json.loads((HERE / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8"))
    [channel, *_] = ASYNCAPI["channels"].values()
    wrong = {**ASYNCAPI, "channels": {"one": {**channel, "messages": ["no mapping"]}}}
    assert not jsonschema.Draft7Validator(official).is_valid(wrong)


@pytest.mark.parametrize("document", [OPENAPI, ASYNCAPI], ids=["openapi", "asyncapi"])
def test_every_reference_leads_somewhere(document):
    for node in nodes(document):
        if isinstance(node.get("$ref"), str):
            target: Any = document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]


def test_services_never_mean_different_things_by_one_name():
    meant: dict[str, Any] = {}
    for description in DESCRIBED.values():
        for name, schema in description["schemas"].items():
            assert meant.setdefault(name, schema) == schema, name


def test_every_route_is_described_with_its_answer_and_its_refusals():
    for route in ROUTES:
        operation = OPENAPI["paths"][route.path][route.method.lower()]
        assert operation["operationId"] == route.name
        sent_on = {"303"} if route.kind == "form" else set()
        assert operation["responses"].keys() == {str(route.success), "4XX", "5XX"} | sent_on
        assert ("requestBody" in operation) == route.has_body
        names = {p.get("$ref", "").rpartition("/")[2] or p["name"] for p in operation["parameters"]}
        assert ("IdempotencyKey" in names) == route.is_repeatable
        assert ("IfMatch" in names) == (route.kind == "change")
    described = {(m.upper(), path) for path, operations in OPENAPI["paths"].items() for m in operations}
    assert described == {(route.method, route.path) for route in ROUTES}


def test_every_body_has_an_example_that_fits_it():
    for operations in OPENAPI["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content and content["schema"].get("properties"):
                schema = {**content["schema"], "components": OPENAPI["components"]}
                jsonschema.Draft202012Validator(schema).validate(content["example"])


def test_files_are_described_as_files():
    upload = OPENAPI["paths"]["/v1/imports"]["post"]
    assert upload["requestBody"]["content"].keys() == {"application/octet-stream", "multipart/form-data"}
    assert "202" in upload["responses"]
    pdf = OPENAPI["paths"]["/v1/documents/{document_id}/pdf"]["get"]
    assert pdf["responses"]["200"]["content"].keys() == {"application/pdf"}


def test_every_public_event_has_a_channel_of_its_own():
    assert ASYNCAPI["channels"].keys() == PUBLIC.keys()
    for name, service in PUBLIC.items():
        assert ASYNCAPI["channels"][name]["address"] == f"{service.name}.{name}"


def test_the_events_that_outside_checks_rely_on_bear_exactly_these_names():
    assert {"ClientCreated", "DealStageChanged", "InvoiceIssued", "PaymentOverdue"} <= PUBLIC.keys()
    assert {PUBLIC[name].name for name in ("ClientCreated",)} == {"clients"}
    assert {PUBLIC[name].name for name in ("DealStageChanged",)} == {"deals"}
    assert {PUBLIC[name].name for name in ("InvoiceIssued", "PaymentOverdue")} == {"documents"}


def test_the_catalogue_names_every_public_event_with_a_schema_that_stands_by_itself():
    assert {item["type"] for item in EVENT_TYPES} == PUBLIC.keys()
    for item in EVENT_TYPES:
        assert item["source"] == f"/reestr/{PUBLIC[item['type']].name}"
        jsonschema.Draft202012Validator.check_schema(item["schema"])
        assert not any("$ref" in node for node in nodes(item["schema"])), item["type"]
        assert item["schema"]["type"] == "object"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_what_is_published_has_a_contract_and_is_an_event_of_the_service(service):
    assert service.published.keys() == service.contract.keys()
    assert service.published.keys() <= set(service.events)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_contract_says_every_field_of_its_event(service):
    for cls, schema in service.contract.items():
        fields = {field.data_key or name: field for name, field in schema().fields.items()}
        assert fields.keys() == cls.__dataclass_fields__.keys(), cls
        kind = type_of(cls)
        for name, field in cls.__dataclass_fields__.items():
            optional = field.default is None
            assert fields[name].required != optional, (kind.name, name)
            assert not optional or fields[name].allow_none, (kind.name, name)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_hears_every_source_it_reads_and_knows_every_type_it_names(service):
    named = {(source, kind) for p in service.projections for source, kinds in p.on.items() for kind in kinds}
    named |= {(reaction.source, kind) for reaction in service.reactions for kind in reaction.on}
    for source, kind in named:
        if source == service.name:
            assert kind in {type_of(cls).name for cls in service.events}
        else:
            assert source in service.hears
            assert PUBLIC[kind].name == source, (source, kind)

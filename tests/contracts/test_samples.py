"""The golden samples: what is published is what was promised, and every reader reads it."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from gateway.asyncapi import _ENVELOPE, event_types
from services.kernel.contracts import describe
from services.kernel.events import type_of
from services.kernel.message import Message
from services.kernel.sealing import open_message
from tests.contracts.examples import EXAMPLES
from tests.contracts.samples import FOLDER, Paper, published
from tests.system import SERVICES, System, service, sqlite_urls

SAMPLES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
SCHEMAS = {item["type"]: item for item in event_types({s.name: describe(s) for s in SERVICES})["items"]}
READERS = [s for s in SERVICES if s.hears]


def present(name: str) -> bool:
    return name.endswith(f".v{SCHEMAS[name.split('.')[1]]['version']}")


def test_every_public_event_has_a_sample_of_its_present_version():
    kinds = {f"{s.name}.{type_of(cls).name}.v{type_of(cls).version}" for s in SERVICES for cls in s.contract}
    assert kinds == {name for name in SAMPLES if present(name)}


def test_the_services_publish_what_the_samples_say():
    made = published()
    assert made == {name: SAMPLES.get(name) for name in made}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_an_envelope_of_its_source_and_type(name):
    sample = SAMPLES[name]
    jsonschema.Draft202012Validator(_ENVELOPE).validate(sample)
    source, kind, version = name.split(".")
    assert (sample["source"], sample["type"]) == (f"/reestr/{source}", kind)
    assert sample["dataschema"] == f"/v1/event-types/{source}/{kind}/{version[1:]}"
    assert Message.from_json(json.dumps(sample)).to_dict() == sample


@pytest.mark.parametrize("name", [name for name in SAMPLES if present(name)])
@pytest.mark.parametrize("forgotten", [False, True], ids=["known", "forgotten"])
def test_the_data_of_a_sample_fit_their_schema_sealed_opened_and_forgotten(name, forgotten):
    message = Message.from_json(json.dumps(SAMPLES[name]))
    paper = Paper()
    paper.forgotten = forgotten
    opened: Any = open_message(message, paper)  # type: ignore[arg-type]  # paper does for a sealer
    validator = jsonschema.Draft202012Validator(SCHEMAS[message.type]["schema"])
    for data in (message.data, opened.data):
        validator.validate({field: value for field, value in data.items() if field not in ("sealed", "erased")})


@pytest.mark.parametrize("name", [name for name in SAMPLES if present(name)])
def test_an_example_leaves_no_field_empty(name):
    message = Message.from_json(json.dumps(SAMPLES[name]))
    opened: Any = open_message(message, Paper())  # type: ignore[arg-type]
    assert None not in opened.data.values()


@pytest.mark.parametrize("released", [min, max], ids=["oldest", "newest"])
@pytest.mark.parametrize("forgotten", [False, True], ids=["known", "forgotten"])
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.usefixtures("_quick_to_stop")
def test_every_reader_reads_every_sample(tmp_path, reader, forgotten, released):
    system = System(tmp_path, sqlite_urls(tmp_path), [reader.name])
    try:
        runtime = system.runtimes[reader.name]
        paper = Paper()
        paper.forgotten = forgotten
        runtime.sealer = paper  # type: ignore[assignment]
        for source in reader.hears:
            messages = sorted(_of(source, released), key=lambda message: message.position)
            assert runtime.received.receive(source, messages).new == len(messages)
            if source != reader.name:  # what it has recorded itself it reads in its own store
                assert runtime.projections.wait(source, messages[-1].position, 10)
                _plan(runtime, source, messages, paper)
        assert runtime.projections.parked.counts() == {}
        assert [following.trouble for following in runtime.projections.status() if following.trouble] == []
    finally:
        system.close()


def _of(source: str, released: Callable[[list[str]], str]) -> list[Message]:
    """A sample of each type of a source: the oldest, or the newest that was released."""
    of_type: dict[str, list[str]] = {}
    for name in SAMPLES:
        if name.startswith(f"{source}."):
            of_type.setdefault(name.split(".")[1], []).append(name)
    messages = [Message.from_json(json.dumps(SAMPLES[released(names)])) for names in of_type.values()]
    assert len(messages) == len(EXAMPLES[source])
    return messages


def _plan(runtime: Any, source: str, messages: list[Message], paper: Paper) -> None:
    """What reactions make of the samples."""
    for reaction in runtime.service.reactions:
        for message in messages:
            if reaction.source == source and message.type in reaction.on:
                opened = open_message(message, paper)  # type: ignore[arg-type]
                plans = reaction.on[message.type](opened, runtime.tools)
                assert {plan.effect for plan in plans} <= {effect.name for effect in runtime.service.effects}
                assert plans


def test_every_service_has_its_examples():
    assert EXAMPLES.keys() == {s.name for s in SERVICES}
    for name, examples in EXAMPLES.items():
        assert {type(event) for _, event in examples} == set(service(name).contract)

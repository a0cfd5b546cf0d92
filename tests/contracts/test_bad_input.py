"""Every field of every command at its edges: refused by name, in both languages, nothing written."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.edges import changed, places, without, written, wrong_values
from tests.contracts.valid import VALID
from tests.system import SERVICES, System, call_context

COMMANDS = {name: (service.name, spec) for service in SERVICES for name, spec in service.commands.items()}
PLACES = [(name, place) for name, (_, spec) in COMMANDS.items() for place in places(spec.schema())]
# dictionaries whose names are not the schema's
FREE = (("columns",), ("body",), ("custom",), ("answers",), ("values",), ("choices",))
QUERIES = {name: (service.name, spec) for service in SERVICES for name, spec in service.queries.items()}


def answered(system: System, command: str, arguments: Any) -> dict[str, Any]:
    service, spec = COMMANDS[command]
    return system.ask(service, command, arguments, call_context(version=1 if spec.changes else None))


def assert_blamed(system: System, command: str, arguments: Any, field: str) -> None:
    store = system.runtimes[COMMANDS[command][0]].store
    head = store.head()
    answer = answered(system, command, arguments)
    assert "problem" in answer, (field, arguments)
    problem = answer["problem"]
    assert problem["status"] == 422, (field, arguments)
    blamed = [e for e in problem["errors"] if e["field"] == field or e["field"].startswith(f"{field}.")]
    assert blamed, (field, problem)
    for error in problem["errors"]:
        assert error["code"] != "invalid", error
        assert re.search("[а-яё]", error["ru"].lower()), error
        assert re.search("[a-z]", error["en"]), error
        assert not re.search("[а-яё]", error["en"].lower()), error
    assert store.head() == head


def test_every_command_has_an_example_that_its_schema_accepts():
    assert COMMANDS.keys() == VALID.keys()
    for name, (_, spec) in COMMANDS.items():
        spec.schema().load(VALID[name])
        paths = {written(place.path) for place in places(spec.schema())}
        assert paths == {written(path) for path in _paths(VALID[name])}, name


def _paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths to the fields of an example; a dictionary with free keys counts as one."""
    if isinstance(value, list):
        return [(*at, 0), *_paths(value[0], (*at, 0))]
    if isinstance(value, dict) and at[-1:] not in FREE:
        return [path for key, inner in value.items() for path in ((*at, key), *_paths(inner, (*at, key)))]
    return []


@pytest.mark.parametrize(("command", "place"), PLACES, ids=lambda it: it if isinstance(it, str) else written(it.path))
def test_a_field_refuses_what_it_cannot_hold(system, command, place):
    for value in wrong_values(place.field):
        assert_blamed(system, command, changed(VALID[command], place.path, value), written(place.path))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_required_field_that_is_missing_is_named(system, command):
    for place in places(COMMANDS[command][1].schema()):
        if place.field.required:
            assert_blamed(system, command, without(VALID[command], place.path), written(place.path))


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_field_is_refused_at_every_level(system, command):
    assert_blamed(system, command, {**VALID[command], "surprise": 1}, "surprise")
    for place in places(COMMANDS[command][1].schema()):
        inside = _dig(VALID[command], place.path)
        if isinstance(inside, dict) and place.path[-1:] not in FREE:
            path = (*place.path, "surprise")
            assert_blamed(system, command, changed(VALID[command], path, 1), written(path))


def _dig(arguments: Any, path: Any) -> Any:
    for step in path:
        arguments = arguments[step]
    return arguments


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("command", COMMANDS)
def test_any_json_at_all_is_answered_and_never_breaks(any_system, command):
    _, spec = COMMANDS[command]
    names = [st.just(name) for name in sorted(spec.schema().fields)]

    @settings(max_examples=30, deadline=None)
    @given(st.dictionaries(st.one_of(*names, st.text(max_size=5)), JSON, max_size=6))
    def breaks_nothing(replaced: dict[str, Any]) -> None:
        answer = answered(any_system, command, {**VALID[command], **replaced})
        assert "result" in answer or 400 <= answer["problem"]["status"] < 500

    breaks_nothing()


@pytest.mark.parametrize("query", QUERIES)
def test_any_arguments_of_a_query_are_answered_and_never_break(any_system, query):
    service, spec = QUERIES[query]
    values = st.text(st.characters(), max_size=20) | st.sampled_from(["0", "-1", "501", "1e400", "nan", "2026-01-01"])

    @settings(max_examples=30, deadline=None)
    @given(st.dictionaries(st.sampled_from([*sorted(spec.schema().fields), "surprise"]), values, max_size=5))
    def breaks_nothing(arguments: dict[str, Any]) -> None:
        answer = any_system.ask(service, query, arguments)
        assert "result" in answer or 400 <= answer["problem"]["status"] < 500

    breaks_nothing()

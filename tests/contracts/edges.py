"""From a field of a schema to the values it must refuse."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any, NamedTuple

import marshmallow as ma
from marshmallow import fields as f
from marshmallow import validate

from services.kernel.schemas import DecimalText, Text

Path = tuple[str | int, ...]

NOT_TEXT: list[Any] = [5, 1.5, True, [], {}, ["a"], float("nan")]
UNSTORABLE = ["a\x00b", "\x1b[31m", "a\x7f", "\ud800", "a\udfff"]
NOT_DECIMAL = [
    "",
    " 1",
    "1 ",
    "-1",
    "+1",
    "1e3",
    "1,5",
    "NaN",
    "Infinity",
    "0x10",
    "１",
    ".5",
    "5.",
    "1_000",
    "--",
    "1.2.3",
]


class Edge(NamedTuple):
    """A wrong value for the field at a path; the problem must name the field."""

    path: Path
    value: Any


class Missing(NamedTuple):
    path: Path


class Place(NamedTuple):
    path: Path
    field: f.Field[Any]


def places(schema: ma.Schema, at: Path = ()) -> Iterator[Place]:
    """Every field of a schema, those of nested ones too, in the first item of a list."""
    for name, field in schema.fields.items():
        path = (*at, field.data_key or name)
        yield Place(path, field)
        inner = field
        if isinstance(field, f.List):
            inner = field.inner
            path = (*path, 0)
            yield Place(path, inner)
        if isinstance(inner, f.Nested):
            yield from places(inner.schema, path)


def wrong_values(field: f.Field[Any]) -> Iterator[Any]:
    if not field.allow_none:
        yield None
    kinds = {
        DecimalText: _decimals,
        Text: _texts,
        f.String: lambda _field: iter([*NOT_TEXT, *UNSTORABLE]),
        f.Boolean: lambda _field: iter(["yes", "true", "", 1, 0, 1.0, 2, [], {}]),
        f.DateTime: _times,
        f.Date: _dates,
        f.Integer: lambda _field: iter(["text", "", True, 1.5, [], {}, -1, 2**70, "٣"]),
        f.List: _lists,
        f.Dict: _dicts,
        f.Nested: lambda _field: iter(["text", 5, [], [{}], True]),
    }
    for kind, values in kinds.items():
        if isinstance(field, kind):
            yield from values(field)
            break
    else:
        raise AssertionError(f"no edges known for {field!r}")
    if any(isinstance(check, validate.OneOf) for check in field.validators):
        yield from ("", "nonsense", "RUB ", "x" * 10_000)


def _limits(field: f.Field[Any]) -> tuple[int, int]:
    [length] = [check for check in field.validators if isinstance(check, validate.Length)]
    assert length.max is not None
    return length.min or 0, length.max


def _texts(field: Any) -> Iterator[Any]:
    least, most = _limits(field)
    yield from NOT_TEXT
    yield from UNSTORABLE
    yield "я" * (most + 1)
    if least:
        yield from ("", "   ", "\n", "\u00a0")


def _decimals(field: Any) -> Iterator[Any]:
    yield from (5, 1.5, True, [], {}, float("nan"), float("inf"))
    yield from NOT_DECIMAL
    yield from (f"{'9' * 13}.00", "0.0000001", "1" * 5000)
    if field._positive:
        yield from ("0", "0.00")


def _dates(field: Any) -> Iterator[Any]:
    yield from (5, 1.5, True, [], {}, "", "завтра", "01.02.2026", "2026-13-01", "2026-02-30", "2026-02-01T10:00:00Z")
    yield from ("20260201", "2026-W05-1", "２０２６-02-01", " 2026-02-01", "2100-01-02")
    yield (field.first - timedelta(days=1)).isoformat()


def _times(field: Any) -> Iterator[Any]:
    yield from (5, 1.5, True, [], {}, "", "вчера", "2026-02-01", "2026-02-01T10:00:00", "2026-02-30T10:00:00Z")


def _lists(field: Any) -> Iterator[Any]:
    yield from ("text", 5, {}, True)
    yield [None] * (_limits(field)[1] + 1)


def _dicts(field: Any) -> Iterator[Any]:
    yield from ("text", 5, [], True)
    yield {"я" * 201: "name"}
    if not isinstance(field.value_field, f.Raw | None):
        yield {"Наименование": 5}
    yield {"\ud800": "name"}
    yield {str(number): "name" for number in range(_limits(field)[1] + 1)}


def changed(arguments: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The arguments with another value at a path."""
    copy: Any = deepcopy(dict(arguments))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copy


def without(arguments: Mapping[str, Any], path: Path) -> dict[str, Any]:
    copy: Any = deepcopy(dict(arguments))
    at = copy
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return copy


def written(path: Path) -> str:
    return ".".join(map(str, path))

"""What the OpenAPI description says of lists: the fields of a resource, and how they are asked for."""

import re
from collections.abc import Mapping
from typing import Any

from services.kernel.contracts import REF
from services.kernel.lists.resource import ALWAYS
from services.kernel.lists.sorting import MOST_KEYS
from services.kernel.lists.syntax import LONGEST

_COMPARED = {
    "id": "`=` `!=` `IN`",
    "word": "`=` `!=` `IN`",
    "flag": "`=` `!=`, true or false",
    "text": '`=` `!=` `<` `<=` `>` `>=` `IN`, `:` (contains), `= "start*"`',
    "texts": '`=` `!=` `IN`, `:` (one of them contains), `= "start*"`',
    "number": "`=` `!=` `<` `<=` `>` `>=` `IN`",
    "money": "`=` `!=` `<` `<=` `>` `>=` `IN`, such as 100.00",
    "date": "`=` `!=` `<` `<=` `>` `>=` `IN`, such as 2026-01-31",
    "time": "`=` `!=` `<` `<=` `>` `>=` `IN`, such as 2026-01-31T10:00:00+03:00, or a date",
}
_EXAMPLES = {
    "money": "{0} >= 100.00",
    "text": '{0} : "стул"',
    "flag": "{0} = false",
    "date": "{0} >= 2026-01-31",
    "time": "{0} >= 2026-01-31",
    "id": "{0} != null",
}


def list_parameters(resource: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The parameters of a list that name fields, by name."""
    filtered: Mapping[str, str] = resource["filter"]
    lines = "\n".join(f"- `{name}` ({kind}): {_COMPARED[kind]}" for name, kind in filtered.items())
    if resource["prefix"]:
        lines += f"\n- `{resource['prefix']}<code>`: a field of the company's own, by its kind"
    return {
        "filter": _parameter(
            "filter",
            {"type": "string", "maxLength": LONGEST},
            f"Conditions joined by `AND` or `OR`, turned round by `NOT`, with parentheses where `AND` meets `OR`; "
            f"`null` is for nothing. Fields:\n\n{lines}",
            example(filtered),
        ),
        "sort": _parameter(
            "sort",
            {"type": "string", "pattern": _listed(resource["sort"], MOST_KEYS, sign="-?", prefix=resource["prefix"])},
            f"Up to {MOST_KEYS} fields by commas, `-` for the largest first; empty ones come last. "
            f"Fields: {_named(resource['sort'])}",
        ),
        "fields": _parameter(
            "fields",
            {"type": "string", "pattern": _listed(resource["fields"], len(resource["fields"]))},
            f"Only these fields, by commas; id and version come always. Fields: {_named(resource['fields'])}",
        ),
    }


def example(filtered: Mapping[str, str]) -> str:
    """A filter over the first fields that show something."""
    shown = {kind: name for name, kind in reversed(list(filtered.items())) if kind in _EXAMPLES}
    return " AND ".join(form.format(shown[kind]) for kind, form in _EXAMPLES.items() if kind in shown)


def _parameter(name: str, schema: dict[str, Any], description: str, example: str = "") -> dict[str, Any]:
    parameter = {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
    return {**parameter, "example": example} if example else parameter


def _named(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _listed(names: list[str], most: int, sign: str = "", prefix: str = "") -> str:
    own = [rf"{re.escape(prefix)}[a-z][a-z0-9_]*"] if prefix else []
    one = f"{sign}({'|'.join([*map(re.escape, names), *own])})"
    return f"^({one}(,{one}){{0,{most - 1}}})?$"


def sparse_views(calls: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """Beside the view of every listed resource one of which only what was asked for is there."""
    sparse: dict[str, Any] = {}
    for call in calls.values():
        if "resource" in call:
            view = schemas[call["response"]["$ref"].removeprefix(REF)]
            always = [name for name in ALWAYS if name in view["properties"]]
            kept = {key: value for key, value in view.items() if key not in ("required", "description")}
            name = sparse_view(call["response"])["$ref"].removeprefix(REF)
            sparse[name] = {**kept, **({"required": always} if always else {}), "additionalProperties": False}
    return sparse


def sparse_view(view: Mapping[str, str]) -> dict[str, str]:
    return {"$ref": f"{view['$ref']}Sparse"}

"""What a service can do and say, as JSON Schema, for those who may not import it."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from services.kernel.events import type_of
from services.kernel.history import SinceView
from services.kernel.wiring import Service

REF = "#/components/schemas/"


class WrittenView(ma.Schema):
    """What a command without a view of its own is answered with."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)


class _Names:
    """Collects schemas under their class names, without the suffixes that say where they stand."""

    def __init__(self) -> None:
        self._plugin = MarshmallowPlugin(schema_name_resolver=_name)
        self._spec = APISpec("reestr", "1", "3.1.0", plugins=[self._plugin])

    def ref(self, schema: type[ma.Schema]) -> dict[str, Any]:
        name = _name(schema)
        if name not in self._spec.components.schemas:
            self._spec.components.schema(name, schema=schema)
        return {"$ref": REF + name}

    def all(self) -> Mapping[str, Any]:
        return dict(self._spec.components.schemas)


def _name(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else type(schema)
    return cls.__name__.removesuffix("Schema")


def describe(service: Service) -> dict[str, Any]:
    """The service's calls and events: `request` and `response` of each call and the fields that
    a list knows, `since` where the past can be asked for, the schema of each public event's
    data, and the named schemas they refer to."""
    names = _Names()
    calls: dict[str, Any] = {}
    for call, query in service.queries.items():
        response = names.ref(query.view)
        calls[call] = {"request": names.ref(query.schema), "response": response, "many": query.many}
        if query.dated:
            calls[call]["since"] = names.ref(SinceView)
        if query.many and query.resource:
            calls[call]["resource"] = query.resource.describe()
    for call, command in service.commands.items():
        view = service.queries[command.answer].view if command.answer else WrittenView
        calls[call] = {"request": names.ref(command.schema), "response": names.ref(view), "many": False}
    events = [
        {"type": type_of(cls).name, "version": type_of(cls).version, "schema": names.ref(schema)}
        for cls, schema in service.contract.items()
    ]
    return {"name": service.name, "calls": calls, "events": events, "schemas": names.all()}

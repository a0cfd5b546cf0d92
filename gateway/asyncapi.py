"""The AsyncAPI description: a channel for each public event, from what the services describe."""

from collections.abc import Mapping
from typing import Any

from gateway.openapi import Described

_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "epoch", "position", "previous", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        **{
            name: {"type": "string"}
            for name in ("id", "source", "type", "subject", "dataschema", "datacontenttype", "epoch")
        },
        **{name: {"type": "string", "pattern": "^\\d+$"} for name in ("position", "previous", "version")},
        **{name: {"type": "string", "format": "date-time"} for name in ("time", "recordedtime")},
        **{name: {"type": "string"} for name in ("correlationid", "causationid", "actor")},
        "data": {"type": "object"},
    },
}


def document(described: Described) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Envelope": _ENVELOPE}
    for service, description in described.items():
        schemas.update(description["schemas"])
        for event in description["events"]:
            name = event["type"]
            messages[name] = _message(service, event)
            channels[name] = _channel(f"{service}.{name}", name)
            operations[f"receive{name}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{name}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Reestr events",
            "version": "1",
            "description": "CloudEvents 1.0 in structured JSON on a durable topic exchange.",
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"broker": {"host": "broker", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def _channel(routing_key: str, name: str) -> dict[str, Any]:
    exchange = {"name": "reestr.events", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": routing_key,
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(service: str, event: Mapping[str, Any]) -> dict[str, Any]:
    source = {"const": f"/reestr/{service}"}
    properties = {"source": source, "type": {"const": event["type"]}, "data": event["schema"]}
    payload = {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": properties}]}
    return {
        "name": event["type"],
        "contentType": "application/cloudevents+json",
        "payload": payload,
        "bindings": {"amqp": {"messageType": event["type"], "bindingVersion": "0.3.0"}},
    }


def event_types(described: Described) -> dict[str, Any]:
    """The catalogue of public events, each with a schema that stands by itself."""
    items = [
        {
            "type": event["type"],
            "source": f"/reestr/{service}",
            "version": event["version"],
            "schema": _alone(event["schema"], description["schemas"]),
        }
        for service, description in described.items()
        for event in description["events"]
    ]
    return {"items": sorted(items, key=lambda item: (item["source"], item["type"]))}


def _alone(node: Any, schemas: Mapping[str, Any]) -> Any:
    """The schema with every reference replaced by what it names."""
    if isinstance(node, Mapping):
        if "$ref" in node:
            return _alone(schemas[node["$ref"].rpartition("/")[2]], schemas)
        return {key: _alone(value, schemas) for key, value in node.items()}
    return [_alone(item, schemas) for item in node] if isinstance(node, list) else node

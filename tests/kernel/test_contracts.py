from dataclasses import dataclass

import jsonschema
import marshmallow as ma

from services.kernel.commands import CommandSchema, CommandSpec, Written
from services.kernel.contracts import describe
from services.kernel.events import event
from services.kernel.schemas import Day, EventSchema, Id, MoneyText, Text
from services.kernel.wiring import QuerySpec, Service


@event("ThingMade")
@dataclass(frozen=True)
class ThingMade:
    thing_id: str


@dataclass(frozen=True)
class MakeThing:
    name: str


class PartSchema(ma.Schema):
    price = MoneyText(required=True)


class MakeThingSchema(CommandSchema):
    command = MakeThing

    name = Text(5, required=True, min_length=1)
    day = Day(allow_none=True)
    parts = ma.fields.List(ma.fields.Nested(PartSchema))


class ThingView(ma.Schema):
    id = ma.fields.String(required=True)


class ThingMadeSchema(EventSchema):
    thing_id = ma.fields.String(required=True)


class GetThingSchema(ma.Schema):
    thing_id = Id(required=True)


def made(*_: object) -> Written:
    raise NotImplementedError


THINGS = Service(
    name="things",
    events=(ThingMade,),
    contract={ThingMade: ThingMadeSchema},
    commands={"make_thing": CommandSpec(MakeThingSchema, made, "get_thing", changes=False)},
    queries={
        "get_thing": QuerySpec(GetThingSchema, lambda *_: {}, ThingView),
        "list_things": QuerySpec(GetThingSchema, lambda *_: {}, ThingView, many=True),
    },
)


def test_a_service_tells_its_calls_events_and_the_schemas_they_are_made_of():
    described = describe(THINGS)
    assert described["name"] == "things"
    assert described["calls"] == {
        "get_thing": {"request": ref("GetThing"), "response": ref("ThingView"), "many": False},
        "list_things": {"request": ref("GetThing"), "response": ref("ThingView"), "many": True},
        "make_thing": {"request": ref("MakeThing"), "response": ref("ThingView"), "many": False},
    }
    assert described["events"] == [{"type": "ThingMade", "version": 1, "schema": ref("ThingMade")}]
    assert described["schemas"].keys() == {"GetThing", "ThingView", "MakeThing", "Part", "ThingMade"}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def test_a_schema_says_what_a_field_takes():
    schemas = describe(THINGS)["schemas"]
    whole = {**ref("MakeThing"), "components": {"schemas": schemas}}
    validator = jsonschema.Draft202012Validator(whole)
    assert validator.is_valid({"name": "a", "day": None, "parts": [{"price": "5.00"}]})
    for wrong in (
        {},
        {"name": ""},
        {"name": "abcdef"},
        {"name": "a", "day": 5},
        {"name": "a", "parts": [{}]},
        {"name": "a", "parts": [{"price": "5.001"}]},
        {"name": "a", "parts": [{"price": 5}]},
        {"name": "a", "surprise": 1},
    ):
        assert not validator.is_valid(wrong), wrong

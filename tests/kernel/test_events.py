import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.events import PersonKey, Recorded, Registry, UnknownEventType, event, type_of


@event("Priced")
@dataclass(frozen=True)
class Priced:
    amount: Decimal
    day: date
    at: datetime
    lines: tuple[str, ...] = ()
    note: str | None = None


def met_personal(met):
    keys = {PersonKey(met.person, "relation"): ["name", "phones"], PersonKey(met.person, "accounting"): ["address"]}
    return keys if met.person else {}


@event("Met", personal=met_personal)
@dataclass(frozen=True)
class Met:
    person: str
    city: str = ""
    name: str | None = None
    phones: tuple[str, ...] | None = None
    address: str | None = None


def split_name(fields):
    """Version 1 had one field `name`, which an erased person has not."""
    name = fields.pop("name", None)
    return fields | ({"first": name.split()[0], "last": name.split()[-1]} if name else {})


def rename_kind(fields):
    return fields | {"kind": {"company": "legal_entity"}.get(fields["kind"], fields["kind"])}


@event(
    "Grown",
    version=3,
    upcasters=(split_name, rename_kind),
    personal=lambda e: {PersonKey("p", "relation"): ["first", "last"]},
)
@dataclass(frozen=True)
class Grown:
    kind: str
    first: str | None = None
    last: str | None = None
    tags: list[str] = field(default_factory=list)


REGISTRY = Registry([Priced, Met, Grown])


def round_trip(happened, registry=REGISTRY):
    encoded = registry.encode(happened)
    opened = {name: value for fields in encoded.personal.values() for name, value in fields.items()}
    # sealed fields pass through JSON
    return registry.decode(encoded.type, encoded.schema_version, encoded.payload, json.loads(json.dumps(opened)))


@given(
    st.builds(
        Priced,
        amount=st.decimals(allow_nan=False, allow_infinity=False),
        day=st.dates(),
        at=st.datetimes(timezones=st.just(UTC)),
        lines=st.lists(st.text(st.characters(exclude_categories=["Cs"]))).map(tuple),
        note=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_an_event_reads_as_it_was_written(happened):
    assert round_trip(happened) == happened


def test_money_is_stored_as_a_string_to_the_last_digit():
    happened = Priced(Decimal("0.10"), date(2026, 2, 28), datetime(2026, 2, 28, 12, 30, 0, 123456, UTC))
    encoded = REGISTRY.encode(happened)
    assert json.loads(encoded.payload)["amount"] == "0.10"
    assert str(round_trip(happened).amount) == "0.10"


def test_an_event_is_stored_under_its_name_and_version_only():
    encoded = REGISTRY.encode(Grown("individual"))
    assert (encoded.type, encoded.schema_version) == ("Grown", 3)
    assert "test_events" not in encoded.payload


def test_personal_fields_leave_the_payload_by_person_and_ground():
    encoded = REGISTRY.encode(Met("anna", "Тверь", "Анна", ("+7495",), "Садовая, 1"))
    assert json.loads(encoded.payload) == {"person": "anna", "city": "Тверь"}
    assert encoded.personal == {
        PersonKey("anna", "relation"): {"name": "Анна", "phones": ("+7495",)},
        PersonKey("anna", "accounting"): {"address": "Садовая, 1"},
    }


@given(
    st.builds(
        Met,
        person=st.sampled_from(["anna", ""]),
        name=st.none() | st.sampled_from(["", "Анна"]),
        phones=st.none() | st.just(()) | st.just(("1", "2")),
        address=st.none() | st.just("A"),
    )
)
def test_personal_fields_come_back_whichever_are_there(met):
    assert round_trip(met) == met


def test_nothing_is_sealed_where_nothing_is_personal():
    assert REGISTRY.encode(Met("anna", "Тверь")).personal == {}
    company = REGISTRY.encode(Met("", "Тверь", "ООО «Дуб»"))
    assert company.personal == {}
    assert json.loads(company.payload)["name"] == "ООО «Дуб»"


def test_erased_fields_read_as_none():
    encoded = REGISTRY.encode(Met("anna", "Тверь", "Анна", ("+7495",), "Садовая, 1"))
    assert REGISTRY.decode("Met", 1, encoded.payload) == Met("anna", "Тверь")
    assert REGISTRY.decode("Met", 1, encoded.payload, {"address": "Садовая, 1"}) == Met(
        "anna", "Тверь", address="Садовая, 1"
    )


@pytest.mark.parametrize(
    ("version", "payload", "personal", "read"),
    [
        (1, {"kind": "company"}, {"name": "Анна Каренина"}, Grown("legal_entity", "Анна", "Каренина")),
        (1, {"kind": "company"}, None, Grown("legal_entity")),
        (2, {"kind": "company"}, {"first": "Анна"}, Grown("legal_entity", "Анна")),
        (3, {"kind": "company"}, {"last": "Каренина"}, Grown("company", None, "Каренина")),
        (3, {"kind": "individual", "tags": ["a"]}, None, Grown("individual", tags=["a"])),
    ],
)
def test_every_version_that_was_ever_stored_is_read(version, payload, personal, read):
    assert REGISTRY.decode("Grown", version, json.dumps(payload), personal) == read


def test_a_field_added_later_by_another_version_of_the_service_is_passed_over():
    assert REGISTRY.decode("Met", 1, '{"person": "anna", "later": 1}') == Met("anna")


@pytest.mark.parametrize(("name", "version"), [("Unheard", 1), ("Met", 2), ("Grown", 4)])
def test_what_this_version_does_not_know_is_refused_by_name(name, version):
    with pytest.raises(UnknownEventType, match=f"{name} version {version}"):
        REGISTRY.decode(name, version, "{}")


def test_an_event_of_another_service_is_not_encoded():
    with pytest.raises(UnknownEventType, match="Priced"):
        Registry([Met]).encode(Priced(Decimal(1), date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(("version", "upcasters"), [(2, ()), (1, (split_name,)), (3, (split_name,))])
def test_every_step_between_versions_needs_its_upcaster(version, upcasters):
    with pytest.raises(ValueError, match="upcasters"):
        event("Wrong", version=version, upcasters=upcasters)


def test_a_class_knows_its_stored_type():
    assert type_of(Grown).name == "Grown"
    assert type_of(Grown).version == 3


@given(st.text(), st.sampled_from(["relation", "accounting"]))
def test_a_person_key_is_read_from_its_text(person, ground):
    key = PersonKey(person, ground)
    assert PersonKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "anna", "friendship:anna", ":anna"])
def test_an_unknown_ground_is_refused(text):
    with pytest.raises(ValueError, match="unknown ground"):
        PersonKey.parse(text)


def test_a_recorded_event_tells_its_times_and_subject():
    recorded = Recorded(1, "id", "deal:0190:a", 1, "Met", Met("anna"), "actor", "c", "q", 1_000_000, 2_500_000)
    assert recorded.subject == "0190:a"
    assert recorded.occurred_at == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert recorded.recorded_at == datetime(1970, 1, 1, 0, 0, 2, 500_000, UTC)


def test_events_cannot_be_changed():
    met = Met("anna")
    with pytest.raises(AttributeError):
        met.person = "boris"  # type: ignore[misc]  # that is what is tested
    assert replace(met, city="Тверь").person == "anna"

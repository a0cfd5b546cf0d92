import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.message import TAIL, InvalidEnvelope, Message

AT = datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
MESSAGE = Message(
    id="0190",
    source="deals",
    type="DealStageChanged",
    subject="0190-deal",
    data={"stage": {"from": "new", "to": "offer"}, "amount": "10.50"},
    epoch="e1",
    position=57,
    previous=55,
    version=3,
    schema_version=2,
    occurred_at=AT,
    recorded_at=AT + timedelta(hours=1, microseconds=1),
    actor="user-1",
    correlation_id="c",
    causation_id="q",
)


def test_a_message_travels_as_a_cloud_event():
    assert json.loads(MESSAGE.to_json()) == {
        "specversion": "1.0",
        "id": "0190",
        "source": "/reestr/deals",
        "type": "DealStageChanged",
        "subject": "0190-deal",
        "time": "2026-02-27T09:30:00.000000Z",
        "datacontenttype": "application/json",
        "dataschema": "/v1/event-types/deals/DealStageChanged/2",
        "epoch": "e1",
        "position": "57",
        "previous": "55",
        "recordedtime": "2026-02-27T10:30:00.000001Z",
        "version": "3",
        "correlationid": "c",
        "causationid": "q",
        "actor": "user-1",
        "data": {"stage": {"from": "new", "to": "offer"}, "amount": "10.50"},
    }


def test_extension_names_are_such_as_cloud_events_allow():
    """Lower-case letters and digits, no more than twenty."""
    for name in MESSAGE.to_dict():
        assert name.isalnum()
        assert name == name.lower()
        assert len(name) <= 20


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(0, 2**63 - 1)
TIME = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1))
DATA = st.dictionaries(
    TEXT, st.none() | st.booleans() | TEXT | st.integers(-(2**53), 2**53) | st.lists(TEXT, max_size=2)
)


@settings(max_examples=50)
@given(
    st.builds(
        Message,
        id=TEXT,
        source=TEXT,
        type=TEXT,
        subject=TEXT,
        data=DATA,
        epoch=TEXT,
        position=NUMBER,
        previous=NUMBER,
        version=NUMBER,
        schema_version=NUMBER,
        occurred_at=TIME,
        recorded_at=TIME,
        actor=TEXT,
        correlation_id=TEXT,
        causation_id=TEXT,
    )
)
def test_a_message_reads_as_it_was_written(message):
    assert Message.from_json(message.to_json()) == message
    assert Message.from_json(message.to_json().decode()) == message


def changed(**fields):
    plain = MESSAGE.to_dict() | fields
    return json.dumps({name: value for name, value in plain.items() if value is not ...})


@pytest.mark.parametrize("name", sorted(set(MESSAGE.to_dict()) - {"specversion", "datacontenttype"}))
def test_an_envelope_without_a_field_is_invalid(name):
    with pytest.raises(InvalidEnvelope):
        Message.from_json(changed(**{name: ...}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"text"',
        b"{}",
        b"{",
        b"\xff\xfe",
        b'{"id": NaN}',
        changed(position="x"),
        changed(position=None),
        changed(previous="1.5"),
        changed(time="yesterday"),
        changed(time=5),
        changed(time="2026-02-27T09:30:00"),
        changed(recordedtime=None),
        changed(data=None),
        changed(data=5),
        changed(data="text"),
        changed(data=[1]),
        changed(version="three"),
        changed(dataschema="/v1/event-types/deals/DealStageChanged/latest"),
    ],
)
def test_what_is_no_envelope_is_told_apart(body):
    with pytest.raises(InvalidEnvelope):
        Message.from_json(body)


def test_a_time_with_another_offset_is_the_same_time():
    moscow = AT.astimezone(timezone(timedelta(hours=3))).isoformat()
    assert Message.from_json(changed(time=moscow)).occurred_at == AT


def test_unknown_attributes_are_passed_over():
    assert Message.from_json(changed(traceparent="00-…", later={"a": 1})) == MESSAGE


def test_the_routing_key_is_the_source_and_the_type():
    assert MESSAGE.routing_key == "deals.DealStageChanged"


def test_a_tail_mark_is_told_by_its_type():
    assert not MESSAGE.is_tail
    assert replace(MESSAGE, type=TAIL).is_tail

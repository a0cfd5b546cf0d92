"""Server-sent events, as the gateway's application writes them."""

import json

import pytest

from gateway import seats, stream
from services.kernel.ids import new_id
from tests.gateway.conftest import problem


@pytest.fixture
def listen(web):
    """Opens streams, and closes those that a test leaves open."""
    opened = []

    def open_stream(key=None, last=None, **query):
        headers = {"Authorization": f"Bearer {key or web.key}"} | ({"Last-Event-ID": last} if last else {})
        answer = web.app.test_client().get("/v1/events/stream", headers=headers, query_string=query)
        opened.append(answer)
        return answer

    yield open_stream
    for answer in opened:
        answer.close()


def create(web):
    made = web.post("/v1/clients", {"kind": "individual", "name": new_id()}).get_json()
    web.system.deliver()
    return made["id"]


def events(chunk):
    """What one piece of a stream says: `(id, event)`, the event None where only the place is told."""
    for block in chunk.decode().strip().split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.splitlines())
        if "id" in lines:
            yield lines["id"], json.loads(lines["data"]) if "data" in lines else None


def told(answer):
    """The events of the next piece that has any."""
    for chunk in answer.iter_encoded():
        if b"data:" in chunk:
            return list(events(chunk))
    return []


def test_a_stream_begins_with_event_one_and_says_when_to_come_back(web, listen):
    create(web)
    answer = listen()
    parts = answer.iter_encoded()
    assert next(parts) == b"retry: 3000\n\n"
    feed = web.get("/v1/events", query_string={"limit": 200}).get_json()["items"]
    assert [event for _, event in events(next(parts))] == feed
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-cache, no-transform"


def test_every_id_is_a_place_from_which_the_stream_and_the_feed_go_on(web, listen):
    for _ in range(3):
        create(web)
    whole = told(listen())
    for number, (id, _) in enumerate(whole[:-1]):
        assert [event["id"] for _, event in told(listen(last=id))] == [event["id"] for _, event in whole[number + 1 :]]
        following = web.get("/v1/events", query_string={"after": id, "limit": 1}).get_json()["items"]
        assert following == [whole[number + 1][1]]


def test_what_happens_while_a_reader_listens_is_told_at_once(web, listen):
    create(web)
    last = told(listen())[-1][0]
    answer = listen(last=last, types="ClientCreated")
    made = create(web)
    assert [event["subject"] for _, event in told(answer)] == [made]


def test_a_silent_stream_lives_and_tells_its_place_once(web, listen, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    last = told(listen())[-1][0]
    parts = listen(last=last, types="UserCreated").iter_encoded()
    create(web)
    beats = [next(parts) for _ in range(20)]
    assert b":\n\n" in beats
    [(place, event)] = [found for beat in beats for found in events(beat)]
    assert event is None
    assert place != last


def test_a_stream_is_filtered_like_the_feed(web, listen):
    made = create(web)
    narrow = told(listen(subject=made, source="/reestr/clients", types="ClientCreated,ClientChanged"))
    assert [event["subject"] for _, event in narrow] == [made]


def test_a_revoked_key_ends_its_stream(web, listen, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    user = web.system.do("gateway", "create_user", {"name": "Проверка", "role": "owner"})
    key = web.system.do("gateway", "create_api_key", {"user_id": user["id"], "name": "поток"})
    answer = listen(key=key["key"])
    parts = answer.iter_encoded()
    next(parts)
    web.system.do("gateway", "revoke_api_key", {"key_id": key["id"]}, key["version"])
    assert len(list(parts)) >= 1


@pytest.mark.parametrize(("last", "field"), [("nonsense", "after"), ("eyJhIjpbIiIsMV19", "after")])
def test_a_wrong_place_is_refused_before_the_stream_begins(web, listen, last, field):
    refused = problem(listen(last=last), 422, "invalid")
    assert [error["field"] for error in refused["errors"]] == [field]


def test_the_streams_of_one_key_and_of_all_are_counted_and_given_back(web):
    counted = seats.Seats(of_one_key=2, in_all=3)
    with counted.taken("a"), counted.taken("a"):
        with pytest.raises(seats.TooManyStreams), counted.taken("a"):
            pass
        with counted.taken("b"), pytest.raises(seats.NoSeatLeft), counted.taken("c"):
            pass
    for _ in range(5):
        with counted.taken("a"), counted.taken("b"):
            pass


def test_a_key_with_all_its_streams_open_is_told_to_come_later(web, monkeypatch):
    key = web.key_of("owner")
    headers = {"Authorization": f"Bearer {key}"}
    client = web.app.test_client
    opened = [client().get("/v1/events/stream", headers=headers) for _ in range(seats.OF_ONE_KEY)]
    refused = client().get("/v1/events/stream", headers=headers)
    problem(refused, 429, "too-many-streams")
    assert refused.headers["Retry-After"]
    for answer in opened:
        answer.close()
    again = client().get("/v1/events/stream", headers=headers)
    assert again.status_code == 200
    again.close()

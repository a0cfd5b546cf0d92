import threading
import time
from dataclasses import replace

import pytest

from services.kernel.ids import new_id
from services.kernel.received import SourcePosition
from services.kernel.store.store import Epoch
from services.kernel.vector import write_vector
from tests.gateway.conftest import problem


def create(web):
    return web.post("/v1/clients", {"kind": "legal_entity", "name": new_id()}).get_json()["id"]


def page(web, **query):
    answer = web.get("/v1/events", query_string=query)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def test_the_feed_brings_every_event_once_and_its_cursor_goes_on_for_ever(web):
    made = [create(web) for _ in range(5)]
    web.system.deliver()
    seen = []
    after = page(web, limit=2)
    while after["items"]:
        seen += after["items"]
        after = page(web, limit=2, after=after["next"])
    assert [event["subject"] for event in seen if event["type"] == "ClientCreated"] == made
    assert len({event["id"] for event in seen}) == len(seen)
    assert page(web, after=after["next"])["next"] == after["next"]
    late = create(web)
    web.system.deliver()
    assert [event["subject"] for event in page(web, after=after["next"])["items"]] == [late]


def test_the_feed_is_filtered_by_type_and_source_and_still_moves_on(web):
    create(web)
    web.system.deliver()
    users = page(web, types="UserCreated,UserDeactivated", limit=500)
    assert {event["type"] for event in users["items"]} == {"UserCreated"}
    assert page(web, after=users["next"])["items"] == []
    assert {event["source"] for event in page(web, source="/reestr/clients", limit=500)["items"]} == {"/reestr/clients"}


def test_a_reader_of_one_source_catches_up_by_position(web):
    for _ in range(3):
        create(web)
    web.system.deliver()
    everything = page(web, source="/reestr/clients", limit=500)["items"]
    position = everything[1]["position"]
    assert page(web, source="/reestr/clients", after_position=position, limit=500)["items"] == everything[2:]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "nonsense"}, "after"),
        ({"after": "AAAA"}, "after"),
        ({"after": "eyJjbGllbnRzIjpbImUiLC01XX0"}, "after"),
        ({"after": "eyJjbGllbnRzIjpbImUiLDExODA1OTE2MjA3MTc0MTEzMDM0MjRdfQ"}, "after"),
        ({"after_position": "5"}, "source"),
        ({"after_position": "-1", "source": "/reestr/clients"}, "after_position"),
        ({"after_position": "99999999999999999999", "source": "/reestr/clients"}, "after_position"),
        ({"wait": "31"}, "wait"),
        ({"wait": "nan"}, "wait"),
        ({"limit": "501"}, "limit"),
        ({"types": "ClientCreated,Nothing"}, "types"),
        ({"source": "/reestr/nobody"}, "source"),
        ({"source": "clients"}, "source"),
        ({"after": write_vector({"nobody": SourcePosition("e", 1)})}, "after"),
        (
            {
                "after": write_vector({"clients": SourcePosition("", 0)}),
                "after_position": "1",
                "source": "/reestr/clients",
            },
            "after_position",
        ),
    ],
)
def test_wrong_arguments_are_named(web, query, field):
    refused = problem(web.get("/v1/events", query_string=query), 422, "invalid")
    assert [error["field"] for error in refused["errors"]] == [field]


def test_the_feed_waits_for_the_first_event_as_long_as_it_is_asked_to(web):
    web.system.deliver()
    cursor = page(web, limit=500)["next"]
    began = time.monotonic()
    assert page(web, after=cursor, wait="0.2")["items"] == []
    assert time.monotonic() - began >= 0.2

    def later() -> None:
        time.sleep(0.2)
        create(web)
        web.system.deliver()

    thread = threading.Thread(target=later)
    thread.start()
    found = page(web, after=cursor, wait="20", types="ClientCreated")
    thread.join()
    assert len(found["items"]) == 1
    assert page(web, after=found["next"])["items"] == []


def test_the_feed_is_narrowed_to_one_subject(web):
    first, second = create(web), create(web)
    web.system.deliver()
    found = page(web, subject=second)
    assert [event["subject"] for event in found["items"]] == [second]
    assert page(web, subject=first, after=found["next"])["items"] == []


def test_a_cursor_is_a_place_and_goes_on_with_other_filters(web):
    place = page(web, source="/reestr/clients", types="ClientChanged", limit=500)["next"]
    create(web)
    user = web.system.do("gateway", "create_user", {"name": "Новый", "role": "clerk"})
    web.system.deliver()
    only_users = page(web, after=place, source="/reestr/gateway", limit=500)
    assert only_users["items"][-1]["subject"] == user["id"]
    rest = page(web, after=only_users["next"], limit=500)["items"]
    assert [event["type"] for event in rest] == ["ClientCreated"]


def test_a_cursor_of_a_history_that_is_no_more_is_refused_and_one_from_before_the_fork_goes_on(web):
    log = web.system.runtimes["reporting"].received
    create(web)
    create(web)
    web.system.deliver()
    head = log.heads()["clients"]
    lost = write_vector({"clients": SourcePosition("lost", head.position)})
    refused = problem(web.get("/v1/events", query_string={"after": lost}), 409, "history-changed")
    assert refused["errors"][0]["field"] == "after"
    assert (
        "without after"
        in web.get("/v1/events", query_string={"after": lost}, headers={"Accept-Language": "en"}).get_json()["detail"]
    )
    message = log.after("clients", 0)[-1]
    follows = replace(message, id=new_id(), epoch="restored", position=head.position + 1, previous=head.position)
    log.receive("clients", [follows], [Epoch(head.epoch, 0), Epoch("restored", head.position)])
    before = write_vector({"clients": SourcePosition(head.epoch, head.position - 1)})
    going_on = page(web, after=before, source="/reestr/clients")["items"]
    assert [event["epoch"] for event in going_on] == [head.epoch, "restored"]
    beyond = write_vector({"clients": SourcePosition(head.epoch, head.position + 1)})
    problem(web.get("/v1/events", query_string={"after": beyond}), 409, "history-changed")

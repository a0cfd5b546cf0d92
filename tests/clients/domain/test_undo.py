from datetime import UTC, datetime
from typing import Any

from services.clients.commands.clients import AssignClient, ChangeClient, ClientFields, CreateClient
from services.clients.domain.client import Client, assign_client, change_client, create_client, evolve
from services.clients.domain.undo import undo
from services.kernel.clock import to_micros
from services.kernel.events import Recorded

NOW = to_micros(datetime(2026, 3, 2, tzinfo=UTC))


class Stream:
    """A client and its events as they are recorded."""

    def __init__(self) -> None:
        fields = ClientFields("Кравцов Илья", city="Тверь", phones=("8 916 123-45-67",))
        [created] = create_client(CreateClient("individual", fields, "c-1"))
        self.client: Client = evolve(None, created)
        self.recorded = [self._recorded(created)]

    def change(self, **changes: Any) -> None:
        self._add(change_client(self.client, ChangeClient("c-1", changes)))

    def assign(self, manager_id: str | None) -> None:
        self._add(assign_client(self.client, AssignClient("c-1", manager_id)))

    def _add(self, events: Any) -> None:
        for event in events:
            self.client = evolve(self.client, event)
            self.recorded.append(self._recorded(event))

    def _recorded(self, event: Any) -> Recorded:
        version = len(self.recorded) + 1 if hasattr(self, "recorded") else 1
        return Recorded(version, f"e-{version}", "client:c-1", version, "", event, "u-2", "c", "c", NOW, NOW)

    def undo(self, before: int, after: int) -> Any:
        return undo(self.client, self.recorded[before:after], self.recorded[after:])


def test_what_was_changed_gets_its_old_value_back():
    stream = Stream()
    stream.change(city="Клин", source="Сайт")
    stream.assign("u-1")
    found = stream.undo(1, 3)
    assert (found.back, found.conflicts) == ({"city": "Тверь", "source": "", "manager_id": None}, {})


def test_a_field_that_somebody_has_changed_since_is_a_conflict_by_who_changed_it_last():
    stream = Stream()
    stream.change(city="Клин")
    stream.change(city="Ржев")
    stream.change(city="Торжок", source="Сайт")
    found = stream.undo(1, 2)
    assert {name: recorded.version for name, recorded in found.conflicts.items()} == {"city": 4}


def test_other_fields_may_have_changed_since():
    stream = Stream()
    stream.change(city="Клин")
    stream.change(source="Сайт")
    found = stream.undo(1, 2)
    assert (found.back, found.conflicts) == ({"city": "Тверь"}, {})


def test_what_was_put_back_or_set_anew_by_hand_is_no_conflict():
    stream = Stream()
    stream.change(city="Клин")
    stream.change(city="Тверь")
    assert (stream.undo(1, 2).back, stream.undo(1, 2).conflicts) == ({}, {})
    stream.change(city="Клин")
    assert (stream.undo(1, 2).back, stream.undo(1, 2).conflicts) == ({"city": "Тверь"}, {})


def test_personal_fields_are_undone_like_others():
    stream = Stream()
    phones = stream.client.card["phones"]
    stream.change(phones=("8 495 123-45-67",))
    assert stream.undo(1, 2).back == {"phones": phones}

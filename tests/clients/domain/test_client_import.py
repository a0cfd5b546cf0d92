import pytest

from services.clients.commands import StartImport, StopImport
from services.clients.domain.client_import import ClientImport, evolve, process_rows, start_import, stop_import
from services.clients.events import ImportCompleted, ImportRowsProcessed, ImportStarted, ImportStopped, RowResult


def results(*outcomes: str) -> tuple[RowResult, ...]:
    return tuple(RowResult(number, outcome, None, ()) for number, outcome in enumerate(outcomes, 2))


def running(total: int, *events: object) -> ClientImport:
    state = evolve(None, ImportStarted("i-1", "clients.csv", "hash", {}, total))
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]
    return state


def test_an_import_begins_with_the_number_of_its_rows():
    command = StartImport(b"content", "clients.csv", {"Кто": "name"}, "i-1")
    assert start_import(command, "hash", 7) == [ImportStarted("i-1", "clients.csv", "hash", {"Кто": "name"}, 7)]


def test_a_chunk_tells_what_became_of_its_rows():
    [processed] = process_rows(running(5), results("created", "refused"))
    assert processed == ImportRowsProcessed("i-1", 2, results("created", "refused"))
    assert running(5, processed).counts == {"created": 1, "refused": 1}


def test_with_the_last_row_the_import_is_completed_and_all_rows_are_counted():
    [first] = process_rows(running(3), results("created", "duplicate"))
    second = process_rows(running(3, first), results("created"))
    assert second[1:] == [ImportCompleted("i-1", {"created": 2, "duplicate": 1})]
    assert running(3, first, *second).state == "completed"


def test_an_import_is_stopped_once_and_not_after_its_end():
    stopped = stop_import(running(3), StopImport("i-1"))
    assert stopped == [ImportStopped("i-1")]
    assert stop_import(running(3, *stopped), StopImport("i-1")) == []
    over = process_rows(running(1), results("created"))
    assert stop_import(running(1, *over), StopImport("i-1")) == []


@pytest.mark.parametrize("total", [1, 50, 51, 120])
def test_no_row_is_left_out_or_taken_twice(total):
    state, seen = running(total), 0
    while state.state == "running":
        chunk = min(50, total - state.done)
        for event in process_rows(state, results(*["created"] * chunk)):
            state = evolve(state, event)
        seen += chunk
    assert (seen, state.done, state.counts) == (total, total, {"created": total})

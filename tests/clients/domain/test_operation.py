from dataclasses import replace
from typing import Any

import pytest

from services.clients.domain.operation import (
    AlreadyReverted,
    CannotBeReverted,
    Operation,
    end_stopping,
    evolve,
    process_rows,
    read_import,
    resume_operation,
    revert_operation,
    stop_operation,
)
from services.clients.events.operations import (
    EditStarted,
    ImportRead,
    ImportRefused,
    ImportStarted,
    OperationCompleted,
    OperationResumed,
    OperationReverted,
    OperationRowsProcessed,
    OperationStopped,
    OperationStopRequested,
    RevertStarted,
    RowProblem,
    RowResult,
)


def results(*outcomes: str) -> tuple[RowResult, ...]:
    return tuple(RowResult(number, outcome, None) for number, outcome in enumerate(outcomes, 2))


def operation(started: Any, *events: Any) -> Operation:
    state = evolve(None, started)
    for event in events:
        state = evolve(state, event)
    return state


def importing(total: int, *events: Any) -> Operation:
    return operation(ImportStarted("o-1", "u-1", total, "clients.csv", "hash", {}), *events)


def editing(total: int, *events: Any) -> Operation:
    return operation(EditStarted("o-1", "u-1", total, "hash", {"city": "Тверь"}), *events)


def test_a_chunk_tells_what_became_of_its_rows():
    [processed] = process_rows(importing(5), results("created", "refused"))
    assert processed == OperationRowsProcessed("o-1", 2, results("created", "refused"))
    assert importing(5, processed).counts == {"created": 1, "refused": 1}


def test_with_the_last_row_the_operation_is_completed_and_all_rows_are_counted():
    [first] = process_rows(importing(3), results("created", "duplicate"))
    second = process_rows(importing(3, first), results("created"))
    assert second[1:] == [OperationCompleted("o-1", {"created": 2, "duplicate": 1})]
    assert importing(3, first, *second).state == "completed"


def test_an_operation_with_nothing_to_do_is_over_as_it_begins():
    assert editing(0).state == "completed"


def test_an_operation_is_stopped_while_it_runs_and_resumed_while_it_is_stopped():
    assert resume_operation(editing(3)) == []
    asked = stop_operation(editing(3))
    assert asked == [OperationStopRequested("o-1")]
    stopping = editing(3, *asked)
    assert stop_operation(stopping) == []
    stopped = end_stopping(stopping)
    assert (editing(3, *asked, *stopped).state, end_stopping(editing(3))) == ("stopped", [])
    for state in (stopping, editing(3, *asked, *stopped)):
        assert resume_operation(state) == [OperationResumed("o-1")]
    assert editing(3, *asked, OperationResumed("o-1")).state == "running"
    over = process_rows(editing(1), results("changed"))
    assert stop_operation(editing(1, *over)) == resume_operation(editing(1, *over)) == []


def test_a_stop_takes_effect_when_the_chunk_at_work_is_noted():
    stopping = editing(3, OperationStopRequested("o-1"))
    assert process_rows(stopping, results("changed"))[1:] == [OperationStopped("o-1")]
    assert process_rows(stopping, results("changed", "changed", "changed"))[1:] == [
        OperationCompleted("o-1", {"changed": 3})
    ]
    with pytest.raises(CannotBeReverted, match="still running"):
        revert_operation(stopping, "o-2")


def test_an_operation_that_ended_or_was_stopped_is_undone_once():
    over = process_rows(editing(1), results("changed"))
    assert revert_operation(editing(3, OperationStopped("o-1")), "o-2") == [OperationReverted("o-1", "o-2")]
    undone = revert_operation(editing(1, *over), "o-2")
    with pytest.raises(AlreadyReverted):
        revert_operation(editing(1, *over, *undone), "o-3")
    with pytest.raises(CannotBeReverted, match="still running"):
        revert_operation(editing(1), "o-2")


def test_an_undoing_and_an_import_can_be_undone_and_a_dry_run_did_nothing():
    back = operation(RevertStarted("o-2", "u-1", 0, "o-1", "hash"))
    assert revert_operation(back, "o-3") == [OperationReverted("o-2", "o-3")]
    imported = importing(1, *process_rows(importing(1), results("created")))
    assert revert_operation(imported, "o-2") == [OperationReverted("o-1", "o-2")]
    with pytest.raises(CannotBeReverted, match="dry run"):
        revert_operation(replace(imported, dry_run=True), "o-2")


@pytest.mark.parametrize("total", [1, 50, 51, 120])
def test_no_row_is_left_out_or_taken_twice(total):
    state, seen = importing(total), 0
    while state.state == "running":
        chunk = min(50, total - state.done)
        for event in process_rows(state, results(*["created"] * chunk)):
            state = evolve(state, event)
        seen += chunk
    assert (seen, state.done, state.counts) == (total, total, {"created": total})


def unread(*events: Any) -> Operation:
    return operation(ImportStarted("o-1", "u-1", 0, "clients.csv", "upload", {}, unread=True), *events)


def test_an_import_that_is_unread_runs_until_its_table_is_known():
    begun = unread()
    assert (begun.state, begun.unread, begun.upload_hash, begun.file_hash) == ("running", True, "upload", "")
    read = unread(ImportRead("o-1", 3, "table"))
    assert (read.state, read.unread, read.upload_hash, read.file_hash, read.total) == (
        "running",
        False,
        "upload",
        "table",
        3,
    )


def test_a_stop_takes_effect_when_the_table_is_read_and_is_pointless_where_it_was_refused():
    stopping = unread(OperationStopRequested("o-1"))
    found = ImportRead("o-1", 3, "table")
    assert read_import(unread(), found) == [found]
    assert read_import(stopping, found) == [found, OperationStopped("o-1")]
    refused = ImportRefused("o-1", (RowProblem("", "broken-file", "повреждён", "damaged"),))
    assert read_import(stopping, refused) == [refused]
    failed = unread(refused)
    assert failed.state == "failed"
    assert stop_operation(failed) == resume_operation(failed) == []
    with pytest.raises(CannotBeReverted, match="changed nothing"):
        revert_operation(failed, "o-2")

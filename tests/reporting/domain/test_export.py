"""An export through its life."""

from datetime import UTC, datetime

import pytest

from services.kernel.errors import Forbidden
from services.kernel.rights import EVERYTHING, Rights
from services.reporting.commands import RequestExport
from services.reporting.domain.export import (
    KEPT,
    MOST_ROWS,
    Event,
    Export,
    ExportGone,
    ExportNotReady,
    complete_export,
    download_export,
    evolve,
    expire_export,
    fail_export,
    read_page,
    request_export,
    resume_export,
    stop_export,
)
from services.reporting.events import (
    ExportCompleted,
    ExportDownloaded,
    ExportExpired,
    ExportFailed,
    ExportPageRead,
    ExportResumed,
    ExportStopped,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ASKED = RequestExport("clients", "csv", filter="city = Тверь", fields=("name",), export_id="e-1")
TEAM = Rights(frozenset({"anna", "boris"}), frozenset({"phone"}))
PAGE = ExportPageRead("e-1", 5000, "part-1", last=False, users=("anna", "boris"), masked=("phone",), cursor="after")
LAST = ExportPageRead("e-1", 17, "part-2", last=True, users=("anna",), masked=("email", "phone"))
ANNA = Rights(frozenset({"anna"}), frozenset({"phone", "email"}))
COMPLETED = ExportCompleted("e-1", "clients", "csv", "anna", 5017, 99, "hash", NOW + KEPT)


def after(*events: Event) -> Export:
    export = None
    for event in (*request_export(ASKED, "anna", "key-1"), *events):
        export = evolve(export, event)
    assert export is not None
    return export


def test_it_begins_with_what_was_asked_and_by_whom():
    export = after()
    assert (export.state, export.requested_by, export.principal) == ("running", "anna", "key-1")
    assert (export.asked, export.fields) == ({"filter": "city = Тверь"}, ("name",))


def test_pages_are_noted_one_after_another_to_the_last():
    assert read_page(after(), 5000, "part-1", TEAM, "after") == [PAGE]
    assert read_page(after(PAGE), 17, "part-2", ANNA, None) == [LAST]
    export = after(PAGE, LAST)
    assert (export.rows, export.parts, export.read) == (5017, ("part-1", "part-2"), True)


def test_too_many_rows_give_no_file():
    full = after(ExportPageRead("e-1", MOST_ROWS, "part", last=False, users=None, masked=(), cursor="c"))
    assert read_page(full, 0, "part-2", EVERYTHING, None) != []
    [failed] = read_page(full, 1, "part-2", EVERYTHING, None)
    assert failed == ExportFailed("e-1", "clients", "anna", "too-many-rows")


def test_it_is_completed_by_its_file_which_lives_for_a_week():
    assert complete_export(after(PAGE, LAST), 99, "hash", NOW) == [COMPLETED]


def test_what_was_stopped_reads_no_further_until_it_is_resumed():
    stopped = ExportStopped("e-1")
    assert stop_export(after(PAGE)) == [stopped]
    halted = after(PAGE, stopped)
    assert (stop_export(halted), read_page(halted, 17, "part-2", ANNA, None)) == ([], [])
    assert (complete_export(halted, 99, "hash", NOW), fail_export(halted, "gave-up")) == ([], [])
    assert resume_export(halted) == [ExportResumed("e-1")]
    resumed = after(PAGE, stopped, ExportResumed("e-1"))
    assert (resumed.state, resumed.cursor, resume_export(resumed)) == ("running", "after", [])


def test_only_a_file_that_is_there_is_downloaded():
    for export in (after(), after(ExportStopped("e-1")), after(ExportFailed("e-1", "clients", "anna", "gave-up"))):
        with pytest.raises(ExportNotReady):
            download_export(export, "anna", EVERYTHING, NOW)
    done = after(LAST, COMPLETED)
    assert download_export(done, "anna", EVERYTHING, NOW) == [ExportDownloaded("e-1", "clients", "anna")]
    for gone, now in ((after(LAST, COMPLETED, ExportExpired("e-1", "clients")), NOW), (done, NOW + KEPT)):
        with pytest.raises(ExportGone):
            download_export(gone, "anna", EVERYTHING, now)


def test_who_sees_less_by_now_than_was_read_gets_no_file():
    done = after(PAGE, LAST, COMPLETED)
    assert done.read_as == TEAM
    for rights in (TEAM, EVERYTHING, Rights(None, frozenset({"phone"}))):
        assert download_export(done, "anna", rights, NOW)
    for rights in (ANNA, Rights(TEAM.users, frozenset({"phone", "email"})), Rights(frozenset({"anna"}))):
        with pytest.raises(Forbidden):
            download_export(done, "anna", rights, NOW)


def test_what_has_ended_expires_once():
    expired = ExportExpired("e-1", "clients")
    assert expire_export(after()) == []
    for ended in (COMPLETED, ExportStopped("e-1"), ExportFailed("e-1", "clients", "anna", "gave-up")):
        assert expire_export(after(LAST, ended)) == [expired]
    assert expire_export(after(LAST, COMPLETED, expired)) == []

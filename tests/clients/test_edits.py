"""The same change made to many clients, and its undoing."""

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.clients.domain.operation import CHUNK
from services.clients.events.operations import OperationStopped
from services.clients.handlers import edits
from services.clients.handlers.aggregates import OPERATION
from services.kernel.commands import Tools
from services.kernel.errors import Contended
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from services.kernel.store.aggregates import load
from services.kernel.store.claims import Append, StoreUnavailable, StreamEvents
from tests.system import System, call_context, eventually, sqlite_urls


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "gateway"])
    yield running
    running.close()


def made(system: System, count: int = 3, city: str = "Тверь") -> list[str]:
    cards = [{"kind": "individual", "name": f"К {new_id()}", "city": city} for _ in range(count)]
    return [system.do("clients", "create_client", card)["id"] for card in cards]


def do(system: System, call: str, **arguments: Any) -> Any:
    return system.do("clients", call, arguments)


def ended(system: System, begun: Any) -> Any:
    def look() -> Any:
        now = do(system, "get_operation", operation_id=begun["id"])
        return now if now["state"] in ("completed", "stopped") else None

    found = eventually(look, 60)
    system.settle("clients")
    return found


def written(system: System) -> list[Any]:
    """What has happened, beside effects on their way and what a service begins with."""
    passing = ("Effect", "ClientField", "DictionaryEntry")
    return [event for event in system.events("clients") if not type(event).__name__.startswith(passing)]


def refused(system: System, call: str, **arguments: Any) -> Any:
    return system.refusal("clients", call, arguments)


def rows(system: System, operation: Any, call: str = "list_operation_rows") -> dict[str, Any]:
    found = do(system, call, operation_id=operation["id"], limit=500)["items"]
    return {row["client_id"]: row for row in found}


def seen(system: System, client_id: str, *names: str) -> list[Any]:
    client = do(system, "get_client", client_id=client_id)
    return [client[name] for name in names]


def change(system: System, client_id: str, **fields: Any) -> None:
    version = do(system, "get_client", client_id=client_id)["version"]
    system.do("clients", "change_client", {"client_id": client_id, **fields}, version=version)


def test_many_clients_get_the_same_values_and_every_row_tells_how_it_went(system):
    one, two, same = *made(system, 2), *made(system, 1, city="Клин")
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=[one, two, same], city="Клин")
    assert (begun["kind"], begun["total"], begun["changes"]) == ("edit", 3, {"city": "Клин"})
    assert ended(system, begun)["counts"] == {"changed": 2, "unchanged": 1}
    found = rows(system, begun)
    assert [(found[id]["outcome"], found[id]["before"], found[id]["after"]) for id in (one, two, same)] == [
        ("changed", 1, 2),
        ("changed", 1, 2),
        ("unchanged", 0, 0),
    ]
    assert [seen(system, id, "city", "version") for id in (one, same)] == [["Клин", 2], ["Клин", 1]]
    [_, changed] = system.runtimes["clients"].store.read_stream(f"client:{one}")
    assert changed.actor == "user-1"


def test_a_filter_chooses_as_a_list_would(system):
    ids = made(system, 2)
    made(system, 2, city="Ржев")
    system.react("clients")
    begun = do(system, "edit_clients", filter='city = "Тверь"', source="Сайт")
    assert ended(system, begun)["counts"] == {"changed": 2}
    assert rows(system, begun).keys() == set(ids)
    narrowed = do(system, "edit_clients", client_ids=ids[:1], filter='city = "Тверь"', source="Звонок")
    assert narrowed["total"] == 1
    nobody = do(system, "edit_clients", filter='city = "Нигде"', source="Сайт")
    assert (nobody["state"], nobody["total"]) == ("completed", 0)


def test_what_is_asked_wrongly_begins_nothing(system, monkeypatch):
    ids = made(system, 3)
    for arguments, field in (
        ({"city": "Клин"}, ""),
        ({"client_ids": ids}, ""),
        ({"client_ids": [*ids, "nobody"], "city": "Клин"}, "client_ids.3"),
        ({"filter": "town = 1", "city": "Клин"}, "filter"),
    ):
        problem = refused(system, "edit_clients", **arguments)
        assert (problem["status"], problem["errors"][0]["field"]) == (422, field)
    monkeypatch.setattr(edits, "MOST", 2)
    problem = refused(system, "edit_clients", filter="id != null", city="Клин")
    assert problem["type"] == "too-many-clients"
    assigned = refused(system, "assign_clients", client_ids=ids, manager_id="nobody")
    assert assigned["type"] == "unknown-user"


def test_an_edit_is_undone_and_its_undoing_too(system):
    manager = system.do("gateway", "create_user", {"name": "Белова", "role": "sales_manager"})["id"]
    system.deliver()
    ids = made(system, CHUNK + 5)
    system.react("clients")
    begun = do(system, "assign_clients", client_ids=ids, manager_id=manager)
    assert ended(system, begun)["counts"] == {"changed": len(ids)}
    assert {row["outcome"] for row in rows(system, begun, "list_revert_preview").values()} == {"reverted"}
    back = do(system, "revert_operation", operation_id=begun["id"])
    assert (back["kind"], back["reverts"], back["total"]) == ("revert", begun["id"], len(ids))
    assert ended(system, back)["counts"] == {"reverted": len(ids)}
    assert {tuple(seen(system, id, "manager_id", "version")) for id in ids} == {(None, 3)}
    assert ended(system, begun)["reverted_by"] == back["id"]
    again = do(system, "revert_operation", operation_id=back["id"])
    assert ended(system, again)["counts"] == {"reverted": len(ids)}
    assert {tuple(seen(system, id, "manager_id")) for id in ids} == {(manager,)}


def test_what_somebody_has_changed_since_is_shown_before_and_left_alone(system):
    touched, other, put_back, clean = ids = made(system, 4)
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    ended(system, begun)
    change(system, touched, city="Ржев")
    change(system, other, source="Сайт")
    change(system, put_back, city="Тверь")
    expected = {touched: "conflict", other: "reverted", put_back: "unchanged", clean: "reverted"}
    before = written(system)
    preview = rows(system, begun, "list_revert_preview")
    assert {id: row["outcome"] for id, row in preview.items()} == expected
    assert written(system) == before
    back = do(system, "revert_operation", operation_id=begun["id"])
    ended(system, back)
    done = rows(system, back)
    assert {id: row["outcome"] for id, row in done.items()} == expected
    for told in (preview, done):
        [problem] = told[touched]["problems"]
        assert (problem["column"], problem["code"]) == ("city", "changed-since")
        assert "user-1" in problem["ru"]
    assert [seen(system, id, "city", "source") for id in ids] == [
        ["Ржев", ""],
        ["Тверь", "Сайт"],
        ["Тверь", ""],
        ["Тверь", ""],
    ]


def test_an_operation_is_undone_once_and_not_while_it_runs(system):
    begun = do(system, "edit_clients", client_ids=made(system), city="Клин")
    asked = {"operation_id": begun["id"]}
    assert refused(system, "revert_operation", **asked)["type"] == "cannot-be-reverted"
    system.do("clients", "stop_operation", asked, version=1)
    system.react("clients")
    system.do("clients", "resume_operation", asked, version=2)
    ended(system, begun)
    key = new_id()
    back = system.do("clients", "revert_operation", asked, key=key)
    assert system.do("clients", "revert_operation", asked, key=key)["id"] == back["id"]
    ended(system, back)
    assert refused(system, "revert_operation", **asked)["type"] == "already-reverted"
    assert refused(system, "revert_operation", operation_id="none")["status"] == 404


def test_an_edit_that_was_stopped_goes_on_when_it_is_resumed(system):
    ids = made(system, CHUNK + 1)
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    asked = {"operation_id": begun["id"]}
    system.do("clients", "stop_operation", asked, version=1)
    system.react("clients")
    assert [seen(system, ids[0], "city")] == [["Тверь"]]
    system.do("clients", "resume_operation", asked, version=2)
    assert ended(system, begun)["counts"] == {"changed": len(ids)}


def test_what_was_changed_while_an_edit_was_stopped_is_noted_and_can_be_undone(system, monkeypatch):
    ids = made(system, CHUNK + 5)
    reached, stopped = threading.Event(), threading.Event()
    change = edits._change

    def held(*arguments: Any) -> Any:
        reached.set()
        assert stopped.wait(60)
        return change(*arguments)

    monkeypatch.setattr(edits, "_change", held)
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    assert reached.wait(60)
    asked = {"operation_id": begun["id"]}
    system.do("clients", "stop_operation", asked, version=1)
    assert refused(system, "revert_operation", **asked)["type"] == "cannot-be-reverted"
    stopped.set()
    assert (ended(system, begun)["state"], ended(system, begun)["done"]) == ("stopped", CHUNK)
    assert ended(system, do(system, "revert_operation", **asked))["counts"] == {"reverted": CHUNK}
    assert {tuple(seen(system, id, "city")) for id in ids} == {("Тверь",)}
    version = ended(system, begun)["version"]
    resumed = system.ask("clients", "resume_operation", asked, call_context(version=version))
    assert resumed["problem"]["type"] == "already-reverted"


def test_whoever_looks_at_what_an_undoing_would_do_is_told_of_the_clients_he_sees(system):
    anna, boris = (
        system.do("gateway", "create_user", {"name": name, "role": "sales_manager"})["id"] for name in ("Анна", "Борис")
    )
    system.deliver()
    ids = made(system, 3)
    system.react("clients")
    for id, manager in zip(ids, (anna, boris), strict=False):
        system.do("clients", "assign_client", {"client_id": id, "manager_id": manager}, version=1)
    context = replace(call_context(), actor=anna)
    edit = {"client_ids": ids, "city": "Клин"}
    begun = system.ask("clients", "edit_clients", edit, context)["result"]
    ended(system, begun)
    annas = replace(call_context(), actor=anna, rights=Rights(frozenset({anna})))
    preview = system.ask("clients", "list_revert_preview", {"operation_id": begun["id"], "limit": 10}, annas)["result"]
    told = {row["client_id"]: row["outcome"] for row in preview["items"]}
    assert told == {ids[0]: "reverted", ids[1]: "unchanged", ids[2]: "unchanged"}


@pytest.mark.parametrize("call", ["edit", "revert"])
def test_what_was_cut_off_goes_on_where_it_was(system, monkeypatch, call):
    ids = made(system, CHUNK + 20)
    system.react("clients")
    begin = partial(do, system, "edit_clients", client_ids=ids, city="Клин")
    if call == "revert":
        begin = partial(do, system, "revert_operation", operation_id=ended(system, begin())["id"])
    changed: list[str] = []
    change = edits._change

    def cut_off(tools: Any, key: str, *rest: Any) -> Any:
        changed.append(key)
        if len(changed) == 30:
            raise OSError("the process dies in the middle of a chunk")
        return change(tools, key, *rest)

    monkeypatch.setattr(edits, "_change", cut_off)
    begun = begin()
    eventually(lambda: len(changed) >= 30)
    system.reopen("clients")
    system.react("clients")
    outcome = {"edit": "changed", "revert": "reverted"}[call]
    assert ended(system, begun)["counts"] == {outcome: len(ids)}
    assert {tuple(seen(system, id, "version")) for id in ids} == {(2 if call == "edit" else 3,)}
    assert all(row["after"] == row["before"] + 1 for row in rows(system, begun).values())


def test_a_client_changed_in_the_same_moment_is_decided_on_anew(system, monkeypatch):
    [client] = made(system, 1)
    events_of, interrupted = edits.events_of, list[bool]()

    def overtaken(state: Any, wanted: Any) -> Any:
        if not interrupted:
            interrupted.append(True)
            arguments = {"client_id": client, "source": "Сайт"}
            answer = system.ask("clients", "change_client", arguments, call_context(version=1))
            assert "result" in answer
        return events_of(state, wanted)

    monkeypatch.setattr(edits, "events_of", overtaken)
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=[client], city="Клин")
    assert ended(system, begun)["counts"] == {"changed": 1}
    assert seen(system, client, "city", "source", "version") == ["Клин", "Сайт", 3]


def cut_off(system: System, ids: list[str], until: int, **asked: Any) -> Any:
    """An edit whose first chunk changed some clients, and was ended before it was noted. Reactions
    stand still until they are started again."""
    system.react("clients")
    ended(system, do(system, "edit_clients", client_ids=ids, city="Тверь"))
    system.reopen("clients")
    begun = do(system, "edit_clients", client_ids=ids, **asked)
    runtime = system.runtimes["clients"]
    running = load(runtime.store, OPERATION, begun["id"]).state
    for row, client_id in enumerate(sorted(ids)[:until], 1):
        wanted = lambda _client: running.changes  # noqa: E731
        edits.change_once(runtime.tools, running, row, client_id, wanted, "changed", call_context())
    return begun


def test_a_chunk_that_was_cut_off_before_a_stop_is_noted_first_so_that_undoing_finds_all_of_it(system):
    ids = made(system, 5)
    begun = cut_off(system, ids, 3, city="Клин")
    system.do("clients", "stop_operation", {"operation_id": begun["id"]}, version=1)
    system.react("clients")
    noted = ended(system, begun)
    assert (noted["state"], noted["counts"]) == ("completed", {"changed": 5})
    back = ended(system, do(system, "revert_operation", operation_id=begun["id"]))
    assert back["counts"] == {"reverted": 5}
    assert {tuple(seen(system, id, "city")) for id in ids} == {("Тверь",)}


def test_what_was_cut_off_is_not_undone_before_it_is_noted(system):
    ids = made(system, 3)
    begun = cut_off(system, ids, 1, city="Клин")
    runtime = system.runtimes["clients"]
    loaded = load(runtime.store, OPERATION, begun["id"])
    stopped = [OperationStopped(begun["id"])]
    runtime.store.append(Append(call_context(), [StreamEvents(loaded.stream, loaded.version, stopped)]))
    told = refused(system, "revert_operation", operation_id=begun["id"])
    assert (told["type"], "не записана" in told["ru"]) == ("cannot-be-reverted", True)


def test_a_chunk_that_fails_for_good_stops_the_operation_which_is_resumed_later(system, monkeypatch):
    ids = made(system, 3)
    monkeypatch.setattr(edits, "change_once", lambda *_: 1 / 0)
    [effect] = [one for one in system.runtimes["clients"].service.effects if one.name == "carry_on"]
    monkeypatch.setattr(type(effect), "pause_after", lambda *_: timedelta(0))
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    stopped = ended(system, begun)
    assert (stopped["state"], stopped["done"]) == ("stopped", 0)
    monkeypatch.undo()
    system.do("clients", "resume_operation", {"operation_id": begun["id"]}, stopped["version"])
    eventually(lambda: do(system, "get_operation", operation_id=begun["id"])["state"] == "completed", 30)


def test_who_does_not_see_all_that_was_changed_does_not_use_up_its_undoing(system):
    anna = system.do("gateway", "create_user", {"name": "Белова", "role": "sales_manager"})["id"]
    boris = system.do("gateway", "create_user", {"name": "Серов", "role": "sales_manager"})["id"]
    system.deliver()
    ids = made(system, 2)
    system.react("clients")
    rights = Rights(frozenset([anna, "user-1"]))
    for id_, manager in zip(ids, (anna, boris), strict=True):
        version = do(system, "get_client", client_id=id_)["version"]
        system.do("clients", "assign_client", {"client_id": id_, "manager_id": manager}, version=version)
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    ended(system, begun)
    asked = {"operation_id": begun["id"]}
    told = system.ask("clients", "revert_operation", asked, replace(call_context(), rights=rights))["problem"]
    assert (told["type"], told["status"]) == ("not-all-seen", 403)
    assert ended(system, do(system, "revert_operation", **asked))["counts"] == {"reverted": 2}


def test_nobody_gets_clients_by_an_undoing_who_was_deactivated_since(system):
    gone = system.do("gateway", "create_user", {"name": "Иванов", "role": "sales_manager"})
    system.deliver()
    [client] = made(system, 1)
    system.do("clients", "assign_client", {"client_id": client, "manager_id": gone["id"]}, version=1)
    system.react("clients")
    begun = do(system, "assign_clients", client_ids=[client], manager_id=None)
    ended(system, begun)
    system.do("gateway", "deactivate_user", {"user_id": gone["id"]}, version=gone["version"])
    system.deliver()
    back = ended(system, do(system, "revert_operation", operation_id=begun["id"]))
    assert back["counts"] == {"refused": 1}
    assert rows(system, back)[client]["problems"][0]["code"] == "unknown-user"


def test_a_short_trouble_of_the_database_refuses_no_row(system, monkeypatch):
    ids = made(system, 3)
    append, troubles = Tools.append, [StoreUnavailable(), Contended()]

    def troubled(*arguments: Any, **named: Any) -> Any:
        if troubles and threading.current_thread().name.startswith("bulk"):
            raise troubles.pop()
        return append(*arguments, **named)

    monkeypatch.setattr(Tools, "append", troubled)
    system.react("clients")
    begun = do(system, "edit_clients", client_ids=ids, city="Клин")
    assert ended(system, begun)["counts"] == {"changed": 3}
    assert not troubles

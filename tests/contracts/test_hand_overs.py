"""All that a manager has in hand goes to another, in the clients and the deals service, and comes back."""

from dataclasses import replace
from typing import Any

import pytest

from services.clients.domain.operation import CHUNK
from services.clients.handlers.edits import by_key
from services.kernel.rights import Rights
from tests.system import System, call_context, eventually, sqlite_urls

LINE = {"name": "Стол", "quantity": "1", "price": "100.00", "unit": "шт", "price_includes_vat": True}


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "deals", "gateway"])
    running.do("clients", "install_defaults", {})
    running.react("clients", "deals")
    yield running
    running.close()


def do(system: System, method: str, version: int | None = None, /, **arguments: Any) -> Any:
    service = "deals" if "deal" in method else "gateway" if "user" in method else "clients"
    return system.do(service, method, arguments, version)


def user(system: System, name: str) -> str:
    made: str = do(system, "create_user", name=name, role="sales_manager")["id"]
    system.deliver()
    return made


def in_hand(system: System, manager: str) -> dict[str, str]:
    """One of each kind, open, and of some kinds one that is over."""
    client = do(system, "create_client", kind="legal_entity", name=f"ООО «{manager}»", manager_id=manager)["id"]
    system.deliver()
    deal = do(system, "open_deal", client_id=client, title="Кухня", lines=[LINE], manager_id=manager)["id"]
    lost = do(system, "open_deal", client_id=client, title="Шкаф", lines=[LINE], manager_id=manager)["id"]
    do(system, "change_deal_stage", 1, deal_id=lost, stage="lost", reason="дорого")
    task = do(system, "assign_task", title="Позвонить", due_date="2030-01-10", assignee_id=manager)["id"]
    over = do(system, "assign_task", title="Написать", due_date="2030-01-10", assignee_id=manager)["id"]
    do(system, "complete_task", 1, task_id=over)
    planned = {"client_id": client, "kind": "meeting", "starts_at": "2030-01-10T10:00:00Z"}
    meeting = do(system, "plan_interaction", **planned, employee_id=manager)["id"]
    contact = do(system, "create_contact", name="Кравцов Илья", responsible_id=manager)["id"]
    lead = do(system, "capture_lead", source="search_ads", action="form", name="Лосев", assignee_id=manager)["id"]
    system.deliver()
    for runtime in system.runtimes:
        system.settle(runtime)
    return {
        "client": client,
        "deal": deal,
        "lost": lost,
        "task": task,
        "over": over,
        "interaction": meeting,
        "contact": contact,
        "lead": lead,
    }


HOLDERS = {
    "client": "manager_id",
    "deal": "manager_id",
    "lost": "manager_id",
    "task": "assignee_id",
    "over": "assignee_id",
    "interaction": "employee_id",
    "contact": "responsible_id",
    "lead": "assignee_id",
}
KINDS = {"lost": "deal", "over": "task"}


def holders(system: System, of: dict[str, str]) -> dict[str, str]:
    found = {}
    for name, id in of.items():
        kind = KINDS.get(name, name)
        found[name] = do(system, f"get_{kind}", **{f"{kind}_id": id})[HOLDERS[name]]
    return found


def ended(system: System, begun: Any) -> Any:
    def look() -> Any:
        now = system.do("clients", "get_operation", {"operation_id": begun["id"]})
        return now["state"] == "completed" and now

    found = eventually(look, 60)
    for _ in range(3):
        system.deliver()
    return found


def rows(system: System, operation: Any, method: str = "list_operation_rows") -> list[Any]:
    page: list[Any] = system.do("clients", method, {"operation_id": operation["id"], "limit": 100})["items"]
    return page


def deals_of(system: System, operation: Any, count: int) -> dict[str, str]:
    def look() -> Any:
        system.deliver()
        answer = system.ask("deals", "list_handed_deals", {"operation_id": operation["id"]})
        items = answer["result"]["items"] if "result" in answer else []
        return len(items) == count and items

    return {one["deal_id"]: one["outcome"] for one in eventually(look, 60)}


def hand_over(system: System, leaver: str, successor: str) -> Any:
    return ended(system, system.do("clients", "hand_over", {"user_id": leaver, "successor_id": successor}))


def revert(system: System, operation: Any) -> Any:
    asked = {"operation_id": operation["id"]}
    version = system.do("clients", "get_operation", asked)["version"]
    return ended(system, system.do("clients", "revert_operation", {"operation_id": operation["id"]}, version))


@pytest.mark.capability("CL-28")
def test_all_that_a_manager_has_in_hand_goes_to_another_and_what_is_over_stays_his(system):
    leaver, successor = user(system, "Белова Анна"), user(system, "Громов Пётр")
    his = in_hand(system, leaver)
    another = in_hand(system, user(system, "Чужой Иван"))
    others = holders(system, another)
    system.do("gateway", "deactivate_user", {"user_id": leaver}, version=1)
    operation = hand_over(system, leaver, successor)
    assert (operation["kind"], operation["user_id"], operation["successor_id"]) == ("hand_over", leaver, successor)
    assert operation["counts"] == {"handed_over": 5, "unchanged": 1}  # the lead brought its task along
    assert deals_of(system, operation, 1) == {his["deal"]: "handed_over"}
    system.settle("deals")
    assert holders(system, his) == {**dict.fromkeys(his, successor), "lost": leaver, "over": leaver}
    assert holders(system, another) == others
    told = {(row["what"], row["subject_id"]) for row in rows(system, operation) if row["outcome"] == "handed_over"}
    assert told == {(what, his[what]) for what in ("client", "task", "interaction", "contact", "lead")}
    history = system.do("clients", "list_client_history", {"client_id": his["client"]})["items"]
    assert [change["new"] for change in history[0]["changes"] if change["field"] == "manager_id"] == [successor]


@pytest.mark.capability("CL-28")
def test_what_was_handed_over_comes_back_and_goes_again(system):
    ill, deputy = user(system, "Белова Анна"), user(system, "Громов Пётр")
    his = in_hand(system, ill)
    before = holders(system, his)
    gone = hand_over(system, ill, deputy)
    deals_of(system, gone, 1)
    foretold = {row["what"]: row["outcome"] for row in rows(system, gone, "list_revert_preview") if row["after"]}
    assert foretold == dict.fromkeys(("client", "task", "interaction", "contact", "lead"), "reverted")
    back = revert(system, gone)
    assert back["counts"] == {"reverted": 5}
    assert deals_of(system, back, 1) == {his["deal"]: "handed_over"}
    system.settle("deals")
    assert holders(system, his) == before
    again = revert(system, back)
    assert again["counts"] == {"reverted": 5}
    deals_of(system, again, 1)
    system.settle("deals")
    assert holders(system, his) == {**dict.fromkeys(his, deputy), "lost": ill, "over": ill}
    refused = system.refusal("clients", "revert_operation", {"operation_id": gone["id"]}, version=gone["version"] + 2)
    assert refused["type"] == "already-reverted"


def test_what_somebody_gave_to_a_third_one_meanwhile_stays_there_and_is_told(system):
    ill, deputy, third = user(system, "Белова Анна"), user(system, "Громов Пётр"), user(system, "Третьяков Олег")
    his = in_hand(system, ill)
    gone = hand_over(system, ill, deputy)
    deals_of(system, gone, 1)
    system.settle("deals")
    do(system, "change_task", 2, task_id=his["task"], assignee_id=third)
    do(system, "change_deal", 2, deal_id=his["deal"], manager_id=third)
    do(system, "cancel_interaction", 2, interaction_id=his["interaction"])
    [foretold] = [row for row in rows(system, gone, "list_revert_preview") if row["outcome"] == "conflict"]
    assert (foretold["subject_id"], foretold["problems"][0]["code"]) == (his["task"], "changed-since")
    back = revert(system, gone)
    assert back["counts"] == {"reverted": 3, "conflict": 1, "unchanged": 1}
    [conflict] = [row for row in rows(system, back) if row["outcome"] == "conflict"]
    assert (conflict["what"], conflict["subject_id"]) == ("task", his["task"])
    assert deals_of(system, back, 1) == {his["deal"]: "conflict"}
    now = holders(system, his)
    assert (now["task"], now["deal"], now["client"], now["interaction"]) == (third, third, ill, deputy)


def test_a_vip_client_stays_where_the_successor_may_not_have_it(system):
    leaver, newcomer = user(system, "Белова Анна"), user(system, "Громов Пётр")
    system.do("clients", "name_vip_manager", {"user_id": leaver})
    vip = do(system, "create_client", kind="legal_entity", name="ООО «Важный»", manager_id=leaver)["id"]
    do(system, "change_client_vip", 1, client_id=vip, vip=True)
    system.settle("clients")
    operation = hand_over(system, leaver, newcomer)
    [row] = rows(system, operation)
    assert (row["outcome"], row["problems"][0]["code"]) == ("refused", "not-for-vip")
    assert do(system, "get_client", client_id=vip)["manager_id"] == leaver


def test_who_is_cut_off_goes_on_and_hands_over_everything_once(system, monkeypatch):
    leaver, successor = user(system, "Белова Анна"), user(system, "Громов Пётр")
    for number in range(CHUNK + 20):
        do(system, "assign_task", title=f"Дело {number}", due_date="2030-01-10", assignee_id=leaver)
    system.settle("clients")
    passed: list[int] = []

    def cut_off(*arguments: Any) -> Any:
        passed.append(len(passed))
        if len(passed) == CHUNK + 10:
            raise OSError("the process dies in the middle of a chunk")
        return by_key(*arguments)

    monkeypatch.setattr("services.clients.handlers.hand_overs.by_key", cut_off)
    operation = hand_over(system, leaver, successor)
    assert operation["counts"] == {"handed_over": CHUNK + 20}
    assert len(system.events("clients", "TaskChanged")) == CHUNK + 20


@pytest.mark.parametrize(
    ("leaver", "successor", "kind", "field"),
    [("a", "a", "invalid", "successor_id"), ("a", "nobody", "unknown-user", "successor_id")],
)
def test_who_cannot_take_over_is_blamed_and_nothing_begins(system, leaver, successor, kind, field):
    anna = user(system, "Белова Анна")
    asked = {"user_id": anna, "successor_id": anna if successor == leaver else successor}
    refused = system.refusal("clients", "hand_over", asked)
    assert (refused["type"], refused["errors"][0]["field"]) == (kind, field)


def test_who_sees_only_his_team_hands_over_its_members_alone(system):
    mine, others = user(system, "Белова Анна"), user(system, "Громов Пётр")
    in_hand(system, others)
    context = replace(call_context(), actor="head", rights=Rights(frozenset({mine, "head"})))
    asked = {"user_id": others, "successor_id": mine}
    answer = system.ask("clients", "hand_over", asked, context)
    assert answer["problem"]["type"] == "not-found"
    mine_to_others = system.ask("clients", "hand_over", {"user_id": mine, "successor_id": others}, context)
    assert mine_to_others["result"]["total"] == 0


def test_nothing_comes_back_to_who_is_deactivated(system):
    leaver, successor = user(system, "Белова Анна"), user(system, "Громов Пётр")
    in_hand(system, leaver)
    operation = hand_over(system, leaver, successor)
    deals_of(system, operation, 1)
    system.do("gateway", "deactivate_user", {"user_id": leaver}, version=1)
    system.deliver()
    back = revert(system, operation)
    assert back["counts"] == {"refused": 5}
    assert set(deals_of(system, back, 1).values()) == {"refused"}

"""The clients service in process: duplicates, search, managers, tasks."""

import secrets
import threading
from typing import Any

import pytest

from services.kernel.codes import inn_ok
from services.kernel.ids import new_id
from tests.system import System


def create(system: System, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = system.do("clients", "create_client", body(**fields))
    return made


def body(**fields: Any) -> dict[str, Any]:
    return {"kind": "legal_entity", "name": f"ООО «{new_id()}»", **fields}


def change(system: System, client: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed: dict[str, Any] = system.do(
        "clients", "change_client", {"client_id": client["id"], **changes}, client["version"]
    )
    return changed


def free_inn() -> str:
    """An ИНН that no other client has."""
    head = f"77{secrets.randbelow(10**7):07}"
    return next(inn for digit in range(10) if inn_ok(inn := f"{head}{digit}"))


def user(system: System, name: str = "Белова Анна Сергеевна") -> str:
    made: str = system.do("gateway", "create_user", {"name": name, "role": "sales_manager"})["id"]
    return made


@pytest.mark.capability("CL-26")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"inn": "7799101370", "kpp": "779901001"}, {"inn": "7799101370", "kpp": "779901001"}),
        ({"phones": ["8 (495) 765-43-21"]}, {"phones": ["+7 495 7654321"]}),
        ({"emails": ["Info@Duplicate.Example"]}, {"emails": ["info@duplicate.example"]}),
        ({"name": "ООО «Зелёный Дуб»"}, {"name": "зеленый дуб, OOO"}),
    ],
    ids=["inn", "phone", "email", "name"],
)
def test_the_same_client_written_otherwise_is_a_duplicate_and_its_owner_is_named(system, first, second):
    made = create(system, **first, manager_id=user(system))
    refused = system.refusal("clients", "create_client", body(**second))
    assert (refused["type"], refused["status"]) == ("duplicate-client", 409)
    assert made["id"] in refused["ru"]
    [error] = refused["errors"]
    assert error["field"] in second
    assert error["ru"] == f"Клиент {made['id']}, ответственный: Белова Анна Сергеевна"
    assert error["en"] == f"Client {made['id']} of Белова Анна Сергеевна"
    assert create(system, **second, allow_duplicate=True)["id"] != made["id"]


def test_all_similar_clients_are_named_with_what_they_share(system):
    first, second = create(system, phones=["8 495 9998877"]), create(system, emails=["similar@duplicate.example"])
    both = body(phones=["8 495 9998877"], emails=["similar@duplicate.example"])
    refused = system.refusal("clients", "create_client", both)
    assert [(error["field"], error["ru"]) for error in refused["errors"]] == [
        ("emails", f"Клиент {second['id']}, ответственный: нет"),
        ("phones", f"Клиент {first['id']}, ответственный: нет"),
    ]


def test_branches_of_one_company_are_different_clients(system):
    create(system, inn="7899101744", kpp="789901001")
    assert create(system, inn="7899101744", kpp="769901001")


@pytest.mark.parametrize(("first", "second"), [("", "769901001"), ("769901001", "")])
def test_an_inn_without_a_kpp_may_mean_any_branch(system, first, second):
    inn = free_inn()
    made = create(system, inn=inn, kpp=first)
    refused = system.refusal("clients", "create_client", body(inn=inn, kpp=second))
    assert (refused["type"], made["id"] in refused["en"]) == ("duplicate-client", True)
    assert [error["field"] for error in refused["errors"]] == ["inn"]
    assert create(system, inn=inn, kpp=second, allow_duplicate=True)


def test_a_company_beside_two_branches_is_similar_to_them(system):
    inn = free_inn()
    first = create(system, inn=inn, kpp="769901001")
    create(system, inn=inn, kpp="789901001")
    refused = system.refusal("clients", "create_client", body(inn=inn))
    assert first["id"] in refused["en"]


def test_a_client_becomes_similar_to_a_branch_when_its_kpp_is_taken_away(system):
    inn = free_inn()
    first, second = create(system, inn=inn, kpp="769901001"), create(system, inn=inn, kpp="789901001")
    asked = {"client_id": second["id"], "kpp": ""}
    assert first["id"] in system.refusal("clients", "change_client", asked, version=1)["en"]
    first = change(system, first, kpp="", allow_duplicate=True)
    assert change(system, first, kpp="769901001")["version"] == 3
    assert system.refusal("clients", "create_client", body(inn=inn))["type"] == "duplicate-client"


def test_a_client_may_name_or_drop_its_own_kpp(system):
    one = create(system, inn=free_inn())
    for kpp in ("769901001", "", "789901001"):
        one = change(system, one, kpp=kpp)
    assert one["version"] == 4
    change(system, one, inn="", kpp="")
    assert create(system, inn=one["inn"])


def test_of_many_clients_made_at_once_with_and_without_a_kpp_none_is_similar_to_another(system):
    inn, made = free_inn(), []
    kpps = ["", "769901001", "", "789901001", "", "779901001"]

    def work(kpp: str) -> None:
        answer = system.ask("clients", "create_client", body(inn=inn, kpp=kpp))
        made.append(kpp if "result" in answer else answer["problem"]["type"])

    threads = [threading.Thread(target=work, args=(kpp,)) for kpp in kpps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    created = sorted(one for one in made if one != "duplicate-client")
    assert created in ([""], ["769901001", "779901001", "789901001"])


def test_a_name_that_nobody_can_see_is_no_name(system):
    for name in ("\u200b\u200b", "\u202e", "\u00a0", "\ufeff\u2060"):
        refused = system.refusal("clients", "create_client", {"kind": "legal_entity", "name": name})
        assert [error["field"] for error in refused["errors"]] == ["name"]
    made = create(system, name="ООО\u00a0«Ё\u200bлка и\u0306»")
    assert made["name"] == "ООО «Ёлка й»"


@pytest.mark.parametrize("field", ["phones", "emails"])
def test_a_way_to_reach_a_client_is_not_empty(system, field):
    refused = system.refusal("clients", "create_client", body(**{field: ["\u200b"]}))
    assert [error["field"] for error in refused["errors"]] == [f"{field}.0"]


def test_a_client_becomes_a_duplicate_by_a_change_too(system):
    first, second = create(system, phones=["8 495 1112233"]), create(system)
    refused = system.refusal(
        "clients", "change_client", {"client_id": second["id"], "phones": ["+7(495)111-22-33"]}, version=1
    )
    assert (refused["type"], first["id"] in refused["en"]) == ("duplicate-client", True)
    assert change(system, second, phones=["+7(495)111-22-33"], allow_duplicate=True)["version"] == 2


def test_a_key_that_is_given_up_is_free_for_others(system):
    first = create(system, phones=["8 495 2223344"])
    change(system, first, phones=[])
    assert create(system, phones=["8 495 2223344"])


def test_a_known_duplicate_is_changed_like_any_other_client(system):
    shared = {"phones": ["8 495 3334455"], "emails": ["shared@duplicate.example"]}
    create(system, **shared)
    second = create(system, **shared, allow_duplicate=True)
    second = change(system, second, city="Тверь")
    second = change(system, second, phones=["8 495 3334455", "8 495 3334456"])
    assert second["version"] == 3
    assert system.refusal("clients", "create_client", body(phones=["8 495 3334456"]))["type"] == "duplicate-client"


def test_what_a_duplicate_gives_up_stays_with_its_owner(system):
    create(system, phones=["8 495 4445566"])
    second = create(system, phones=["8 495 4445566"], allow_duplicate=True)
    change(system, second, phones=[])
    assert system.refusal("clients", "create_client", body(phones=["8 495 4445566"]))["type"] == "duplicate-client"


@pytest.mark.parametrize(
    "part",
    ["резной", "РЕЗНОЙ", "Резной Теремок", "79161112233", "916 111", "teremok@", "Кораблёва", "корабл", "5258000"],
)
@pytest.mark.capability("CL-24")
def test_a_client_is_found_by_any_part_of_what_is_written(system, part):
    query = {"q": "Резной Теремок"}
    if not system.do("clients", "list_clients", query)["items"]:
        create(
            system,
            name="ООО «Резной Теремок»",
            inn="5258000029",
            phones=["8 (916) 111-22-33", "8 916 111 22 33"],
            emails=["teremok@reznoy.example"],
            contact_person="Кораблёва Вера",
            note="спрашивал про корабли",
            accept_unverified=True,
        )
    found = system.do("clients", "list_clients", {"q": part})["items"]
    assert [client["name"] for client in found] == ["ООО «Резной Теремок»"]


@pytest.mark.parametrize("part", ["%", "_", "\\", "%%", "Рез%Теремок"])
def test_signs_of_patterns_are_searched_for_as_they_are(system, part):
    assert system.do("clients", "list_clients", {"q": part})["items"] == []


def test_codes_are_given_in_order_and_have_nine_digits(system):
    codes = [create(system)["code"] for _ in range(3)]
    assert codes == sorted(codes)
    assert all(len(code) == 9 and code.isdecimal() for code in codes)


@pytest.mark.capability("CL-27")
def test_a_client_is_assigned_to_a_manager_and_taken_from_him_with_the_history_of_it(system):
    anna, denis = user(system), user(system, "Смирнов Денис")
    client = create(system, manager_id=anna)
    for version, manager in enumerate((denis, None), 1):
        client = system.do("clients", "assign_client", {"client_id": client["id"], "manager_id": manager}, version)
        assert client["manager_id"] == manager
    history = [e for e in system.events("clients", "ClientAssigned") if e.client_id == client["id"]]
    assert [(e.manager_before, e.manager_after) for e in history] == [(anna, denis), (denis, None)]
    assert system.do("clients", "list_clients", {"manager_id": denis})["items"] == []


def test_work_is_given_only_to_users_who_are_there(system):
    gone = user(system)
    system.do("gateway", "deactivate_user", {"user_id": gone}, version=1)
    client = create(system)
    task = {"title": "Позвонить", "due_date": "2026-03-02"}
    for nobody in ("nobody", gone):
        for command, arguments, version, field in (
            ("create_client", body(manager_id=nobody), None, "manager_id"),
            ("assign_client", {"client_id": client["id"], "manager_id": nobody}, 1, "manager_id"),
            ("assign_task", {**task, "assignee_id": nobody}, None, "assignee_id"),
        ):
            refused = system.refusal("clients", command, arguments, version)
            assert (refused["type"], refused["errors"][0]["field"]) == ("unknown-user", field)


def test_tasks_are_listed_by_client_assignee_and_state(system):
    client, anna = create(system), user(system)
    task = {"title": "Позвонить", "due_date": "2026-03-02", "client_id": client["id"], "assignee_id": anna}
    first, second = (system.do("clients", "assign_task", task) for _ in range(2))
    done = system.do("clients", "complete_task", {"task_id": first["id"], "result": "дозвонились"}, version=1)
    assert (done["completed"], done["result"]) == (True, "дозвонились")
    again = system.refusal("clients", "complete_task", {"task_id": first["id"]}, version=2)
    assert (again["type"], again["status"]) == ("task-already-completed", 409)
    listed = {
        flag: system.do("clients", "list_tasks", {"assignee_id": anna, "completed": flag}) for flag in ("true", "false")
    }
    assert {flag: [t["id"] for t in page["items"]] for flag, page in listed.items()} == {
        "true": [first["id"]],
        "false": [second["id"]],
    }


def test_the_mark_of_verification_is_shown_after_a_change(system):
    client = create(system, inn="5", accept_unverified=True)
    assert not client["verified"]
    assert change(system, client, inn="")["verified"]


@pytest.mark.parametrize("mistyped", ["Хризонтема", "Хрзантема", "Хризаннтема", "Хирзантема", "хризантемы"])
def test_what_is_mistyped_once_is_found_where_nothing_is_found_as_it_is_typed(any_system, mistyped):
    exact = any_system.do("clients", "list_clients", {"q": "Хризантема"})["items"]
    client = exact[0] if exact else create(any_system, name="ООО «Хризантема»")
    found = any_system.do("clients", "list_clients", {"q": mistyped})["items"]
    assert [one["id"] for one in found] == [client["id"]]
    asked = {"q": mistyped, "filter": 'city = "Нигде"'}
    assert any_system.do("clients", "list_clients", asked)["items"] == []

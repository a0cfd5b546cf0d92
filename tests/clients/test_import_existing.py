"""Imports that meet clients who are in the base already, that only try, and that are undone."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest

from services.clients.domain.operation import Operation
from services.clients.handlers import foreseen
from services.kernel.rights import Rights
from tests.clients.test_attachments import linking
from tests.clients.test_import import begin, ended, rows_of, table
from tests.clients.test_questionnaires import answer, questionnaire
from tests.system import System, call_context, eventually, sqlite_urls

HEADINGS = "Наименование;Телефон;Город"


@pytest.fixture
def system(tmp_path, _quick_to_stop):
    running = System(tmp_path, sqlite_urls(tmp_path), ["clients", "deals", "gateway"])
    running.react("clients")
    yield running
    running.close()


def imported(system: System, *rows: str, headings: str = HEADINGS, **how: Any) -> dict[str, Any]:
    return ended(system, begin(system, table(*rows, headings=headings), **how))


def client_named(system: System, name: str, **asked: Any) -> dict[str, Any]:
    [found] = [one for one in system.do("clients", "list_clients", asked)["items"] if one["name"] == name]
    client: dict[str, Any] = found
    return client


def reverted(system: System, begun: dict[str, Any]) -> dict[str, Any]:
    return ended(system, system.do("clients", "revert_operation", {"operation_id": begun["id"]}))


def test_clients_that_are_known_are_filled_or_overwritten_as_asked_and_a_repetition_changes_nothing(system):
    imported(system, "ООО «Дуб»;84951234567;", "ООО «Ель»;84951234568;Тверь")
    rows = ("ООО «Дуб и Ко»;84951234567;Клин", "ООО «Ель»;84951234568;Клин", "ООО «Ива»;;Клин")
    assert imported(system, *rows, existing="fill")["counts"] == {"changed": 1, "unchanged": 1, "created": 1}
    assert imported(system, *rows, existing="fill")["counts"] == {"unchanged": 3}
    assert (client_named(system, "ООО «Дуб»")["city"], client_named(system, "ООО «Ель»")["city"]) == ("Клин", "Тверь")
    assert imported(system, *rows, existing="overwrite")["counts"] == {"changed": 2, "unchanged": 1}
    assert imported(system, *rows, existing="overwrite")["counts"] == {"unchanged": 3}
    assert client_named(system, "ООО «Дуб и Ко»")["city"] == "Клин"


def test_a_row_is_of_the_client_whose_code_it_bears(system):
    imported(system, "ООО «Дуб»;84951234567;")
    code = client_named(system, "ООО «Дуб»")["code"]
    rows = (f"{int(code)};ООО «Сосна»", "999999999;ООО «Никто»")
    asked: dict[str, Any] = {"columns": {"Наш код": "code"}, "existing": "overwrite"}
    result = imported(system, *rows, headings="Наш код;Наименование", **asked)
    assert result["counts"] == {"changed": 1, "refused": 1}
    assert client_named(system, "ООО «Сосна»")["code"] == code
    assert [row["problems"][-1]["code"] for row in rows_of(system, result)[1:]] == ["unknown-code"]


def test_what_would_make_a_client_another_s_double_or_means_several_is_left_alone(system):
    imported(system, "ООО «Дуб»;84951234567;", "ООО «Ель»;84951234568;")
    result = imported(system, "ООО «Дуб»;84951234567, 84951234568;Клин", existing="overwrite")
    assert result["counts"] == {"duplicate": 1}
    assert {one["city"] for one in system.do("clients", "list_clients", {})["items"]} == {""}


def test_an_import_changes_only_clients_that_the_importer_sees_and_no_managers(system):
    anna, ivan = (
        system.do("gateway", "create_user", {"name": name, "role": "head_of_sales"})["id"]
        for name in ("Белова Анна", "Громов Иван")
    )
    system.deliver()
    with_manager = {"headings": "Наименование;Телефон;Менеджер;Город"}
    imported(system, "ООО «Дуб»;84951234567;Белова Анна;", "ООО «Ель»;84951234568;Громов Иван;", **with_manager)
    rows = ("ООО «Дуб»;84951234567;Громов Иван;Клин", "ООО «Ель»;84951234568;;Клин")
    content = b64encode(table(*rows, headings="Наименование;Телефон;Менеджер;Город")).decode()
    context = replace(call_context(), actor=anna, rights=Rights(frozenset([anna])))
    begun = system.ask("clients", "start_import", {"content": content, "existing": "fill"}, context)["result"]
    assert ended(system, begun)["counts"] == {"changed": 1, "duplicate": 1}
    assert [problem["code"] for problem in rows_of(system, begun)[0]["problems"]] == ["manager-stays"]
    managers = {
        one["name"]: (one["manager_id"], one["city"]) for one in system.do("clients", "list_clients", {})["items"]
    }
    assert managers == {"ООО «Дуб»": (anna, "Клин"), "ООО «Ель»": (ivan, "")}


def test_clients_without_a_source_get_that_of_the_import(system):
    rows = ("ООО «Дуб»;Сайт", "ООО «Ель»;")
    imported(system, *rows, headings="Наименование;Источник", source="Выставка")
    assert client_named(system, "ООО «Дуб»")["source"] == "Сайт"
    assert client_named(system, "ООО «Ель»")["source"] == "Выставка"


def test_a_dry_run_says_of_each_row_what_the_import_then_does_and_writes_nothing(system, monkeypatch):
    imported(system, "ООО «Дуб»;84951234567;", "ООО «Ель»;84951234568;Тверь")
    rows = ["ООО «Дуб»;84951234567;Клин", "ООО «Ель»;84951234568;", ";84951234569;Клин"]
    rows += [f"ООО «Новый {number}»;8495200{number:04};" for number in range(60)]
    rows += ["ООО «Опять»;84952000005;"]
    for existing, last in (("skip", "duplicate"), ("fill", "changed")):
        made = len(system.events("clients", "ClientCreated", "ClientChanged"))
        tried = imported(system, *rows, existing=existing, dry_run=True)
        assert tried["dry_run"]
        assert len(system.events("clients", "ClientCreated", "ClientChanged")) == made
        told = rows_of(system, tried)
        assert told[-1]["outcome"] == last
        assert [one["code"] for one in told[-1]["problems"]] == ["similar-row"]
    kept = foreseen.foreseen_of

    def restarted_process(running: Operation) -> foreseen.Foreseen:
        foreseen._under_way.clear()
        return kept(running)

    monkeypatch.setattr("services.clients.handlers.imports.foreseen_of", restarted_process)
    restarted = imported(system, *rows, existing="fill", dry_run=True)
    assert [row["outcome"] for row in rows_of(system, restarted)] == [row["outcome"] for row in told]
    done = imported(system, *rows, existing="fill")
    outcomes = [row["outcome"] for row in rows_of(system, done)]
    assert outcomes == [row["outcome"] for row in told[:-1]] + ["unchanged"]
    refused = system.refusal("clients", "revert_operation", {"operation_id": tried["id"]})
    assert refused["type"].endswith("cannot-be-reverted")


def test_undoing_an_import_withdraws_whom_it_made_and_gives_changed_fields_back(system):
    imported(system, "ООО «Дуб»;84951234567;Тверь")
    begun = imported(
        system, "ООО «Дуб»;84951234567, 84959999999;Клин", "ООО «Ель»;84951234568;Тверь", existing="overwrite"
    )
    made = client_named(system, "ООО «Ель»")
    preview = system.do("clients", "list_revert_preview", {"operation_id": begun["id"]})["items"]
    assert [row["outcome"] for row in preview] == ["reverted", "reverted"]
    undone = reverted(system, begun)
    assert undone["counts"] == {"reverted": 2}
    assert [one["name"] for one in system.do("clients", "list_clients", {})["items"]] == ["ООО «Дуб»"]
    oak = client_named(system, "ООО «Дуб»")
    assert (oak["city"], [phone["number"] for phone in oak["phones"]]) == ("Тверь", ["+74951234567"])
    # what they were known by is free again
    free = {"kind": "legal_entity", "name": "ООО «Иное»", "phones": ["84951234568", "84959999999"]}
    again = system.do("clients", "create_client", free)
    assert client_named(system, "ООО «Ель»", withdrawn=True)["id"] == made["id"]
    refused = system.refusal("clients", "change_client", {"client_id": made["id"], "city": "Клин"}, version=2)
    assert refused["type"] == "withdrawn"
    asked = {"title": "Позвонить", "due_date": "2026-12-01", "client_id": made["id"]}
    assert system.refusal("clients", "assign_task", asked)["status"] == 422
    # the undoing can be undone as far as nobody has taken the place
    back = reverted(system, undone)
    assert back["counts"] == {"refused": 1, "reverted": 1}
    system.do("clients", "change_client", {"client_id": again["id"], "phones": ["84951112233"]}, version=1)


def test_a_withdrawn_client_comes_back_with_what_it_is_known_by(system):
    begun = imported(system, "ООО «Дуб»;84951234567;Тверь")
    undone = reverted(system, begun)
    assert reverted(system, undone)["counts"] == {"reverted": 1}
    assert not client_named(system, "ООО «Дуб»")["withdrawn"]
    assert imported(system, "ООО «Дуб»;84951234567;")["counts"] == {"duplicate": 1}


def test_undoing_spares_who_was_changed_or_used_since_and_says_why(system):
    rows = [f"ООО «{name}»;;" for name in ("Изменён", "С задачей", "Со сделкой", "Ничей")]
    begun = imported(system, *rows)
    changed, tasked, dealt, _ = (client_named(system, f"ООО «{row[5:-3]}»") for row in rows)
    system.do("clients", "change_client", {"client_id": changed["id"], "city": "Клин"}, version=1)
    task = {"title": "Позвонить", "due_date": "2026-12-01", "client_id": tasked["id"]}
    system.do("clients", "assign_task", task)
    system.deliver()
    system.do("deals", "open_deal", {"client_id": dealt["id"], "title": "Стол", "lines": []})
    system.deliver()
    preview = system.do("clients", "list_revert_preview", {"operation_id": begun["id"]})["items"]
    undone = reverted(system, begun)
    assert undone["counts"] == {"conflict": 3, "reverted": 1}
    told = {row["client_id"]: [one["code"] for one in row["problems"]] for row in rows_of(system, undone)}
    assert told == {row["client_id"]: [one["code"] for one in row["problems"]] for row in preview}
    assert told[changed["id"]] == ["changed-since"]
    assert told[tasked["id"]] == told[dealt["id"]] == ["in-use"]


def test_whoever_has_a_file_an_answer_or_a_lead_is_in_use_too(system):
    eventually(lambda: "result" in system.ask("clients", "install_defaults", {}), 90)  # its timer does so too
    rows = [f"ООО «{name}»;;" for name in ("С ссылкой", "С анкетой", "С лидом")]
    begun = imported(system, *rows)
    linked, answered, led = (client_named(system, f"ООО «{row[5:-3]}»") for row in rows)
    system.do("clients", "attach_link", linking("client", linked, "https://salon-ps.example/k"))
    answer(system, questionnaire(system), answered)
    lead = system.do("clients", "capture_lead", {"source": "search_ads", "action": "call", "name": "Лосева"})
    system.do("clients", "convert_lead", {"lead_id": lead["id"], "client_id": led["id"]}, lead["version"])
    system.settle("clients")
    undone = reverted(system, begun)
    assert undone["counts"] == {"conflict": 3}
    told = {row["client_id"]: row["problems"][0]["en"] for row in rows_of(system, undone)}
    assert [told[one["id"]].rpartition(": ")[2] for one in (linked, answered, led)] == [
        "attachments",
        "answers to questionnaires",
        "a lead that became him",
    ]


def test_a_client_that_the_same_import_made_and_changed_is_withdrawn(system):
    begun = imported(system, "ООО «Дуб»;84951234567;Тверь", "ООО «Дуб»;84951234567;Клин", existing="overwrite")
    assert begun["counts"] == {"created": 1, "changed": 1}
    assert reverted(system, begun)["counts"] == {"reverted": 2}
    assert system.do("clients", "list_clients", {})["items"] == []


def test_a_withdrawn_person_can_still_be_forgotten(system):
    begun = imported(system, "Кравцов Илья Никитич;84951234567;Тверь")
    made = client_named(system, "Кравцов Илья Никитич")
    reverted(system, begun)
    system.do("clients", "erase_client", {"client_id": made["id"], "reason": "отозвал согласие"})
    eventually(lambda: system.do("clients", "get_client", {"client_id": made["id"]})["name"] is None, 30)

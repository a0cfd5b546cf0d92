"""Clients that prove to be one: found, merged, read as one, and taken apart again."""

from dataclasses import replace
from typing import Any

import pytest

from services.kernel.events import PersonKey
from services.kernel.ids import new_id
from services.kernel.rights import Rights
from tests.clients.test_card import change, create
from tests.clients.test_contacts import contact
from tests.clients.test_contacts import listed as contacts
from tests.clients.test_interactions import listed as interactions
from tests.clients.test_interactions import plan, user
from tests.system import System, call_context


def get(system: System, client: Any, **asked: Any) -> Any:
    return system.do("clients", "get_client", {"client_id": client["id"], **asked})


def merge(system: System, kept: Any, merged: Any, **choices: str) -> Any:
    asked = {"client_id": kept["id"], "merged_id": merged["id"], "choices": choices}
    return system.do("clients", "merge_clients", asked, get(system, kept)["version"])


def unmerge(system: System, kept: Any, merged: Any) -> Any:
    asked = {"client_id": kept["id"], "merged_id": merged["id"]}
    return system.do("clients", "unmerge_clients", asked, get(system, kept)["version"])


def refused(system: System, kept: Any, merged: Any, call: str = "merge_clients", **choices: str) -> Any:
    asked = {"client_id": kept["id"], "merged_id": merged["id"]}
    asked |= {"choices": choices} if call == "merge_clients" else {}
    return system.refusal("clients", call, asked, get(system, kept)["version"])


def groups(system: System, rights: Rights | None = None, **asked: Any) -> list[tuple[str, set[str]]]:
    context = replace(call_context(), rights=rights or Rights())
    answer = system.ask("clients", "list_duplicates", {"limit": 500, **asked}, context)
    return [(one["by"], {client["id"] for client in one["clients"]}) for one in answer["result"]["items"]]


def phone() -> str:
    return f"+7916{int(new_id().replace('-', ''), 16) % 10_000_000:07}"


def merges(system: System, **asked: Any) -> list[Any]:
    found: list[Any] = system.do("clients", "list_merges", {"limit": 500, **asked})["items"]
    return found


def test_clients_that_share_a_phone_an_address_or_a_name_in_any_alphabet_are_found_over_the_whole_base(furnished):
    number, name = phone(), f"Ромашка {new_id()}"
    one = create(furnished, name=f"ООО «{name}»", phones=[number])
    two = create(furnished, name=f"{name.replace('Ромашка', 'Romashka')} LLC", emails=["ad@erw.ru"])
    three = create(furnished, phones=["8" + number[2:]], emails=["AD@erw.ru"], allow_duplicate=True)
    found = groups(furnished)
    assert ("phone", {one["id"], three["id"]}) in found
    assert ("email", {two["id"], three["id"]}) in found
    assert ("name", {one["id"], two["id"]}) in found
    assert {by for by, _ in groups(furnished, by="phone")} == {"phone"}
    assert "phone" not in {by for by, _ in groups(furnished, Rights(masked=frozenset(["phone"])))}
    assert groups(furnished, Rights(users=frozenset(["nobody"]))) == []


def test_duplicates_come_by_pages_that_leave_none_out(furnished):
    for _ in range(3):
        number = phone()
        create(furnished, phones=[number])
        create(furnished, phones=[number], allow_duplicate=True)
    seen, cursor = [], None
    while True:
        asked = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = furnished.do("clients", "list_duplicates", asked)
        seen += [(one["by"], {client["id"] for client in one["clients"]}) for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == groups(furnished)
    assert len(seen) >= 3


def test_a_merged_client_has_what_either_had_and_what_was_chosen(furnished):
    first, second = phone(), phone()
    kept = create(furnished, phones=[first], city="Тула", note="важный", interests=["рыбалка"])
    other = create(
        furnished,
        phones=[{"written": second, "kind": "mobile"}, first],
        address="Москва",
        city="Орёл",
        note="звонить",
        interests=["шахматы", "рыбалка"],
        source="выставка",
        allow_duplicate=True,
    )
    one = merge(furnished, kept, other, city="merged")
    assert [number["number"] for number in one["phones"]] == [first, second]
    assert (one["address"], one["city"], one["source"]) == ("Москва", "Орёл", "выставка")
    assert (one["note"], one["interests"]) == ("важный\n\nзвонить", ["рыбалка", "шахматы"])
    assert (one["name"], one["merged_ids"], one["merged_into"]) == (kept["name"], [other["id"]], None)
    [told] = merges(furnished, client_id=kept["id"])
    assert set(told["fields"]) == {"phones", "address", "city", "note", "interests", "source"}


def test_whoever_asks_for_a_merged_client_gets_the_one_it_is_and_lists_have_it_once(furnished):
    kept, other = create(furnished), create(furnished)
    merge(furnished, kept, other)
    assert get(furnished, other)["id"] == kept["id"]
    listed = furnished.do("clients", "list_clients", {"filter": f'name : "{other["name"][5:-1]}"', "limit": 5})
    assert listed["items"] == []
    changes = furnished.do("clients", "list_client_history", {"client_id": other["id"], "limit": 500})["items"]
    assert changes[0]["type"] == "ClientMergedInto"


def test_a_merged_client_is_no_longer_changed_and_its_changer_is_told_which_one_is(furnished):
    kept, other = create(furnished), create(furnished)
    merge(furnished, kept, other)
    for version in (other["version"], other["version"] + 1):
        asked = {"client_id": other["id"], "city": "Тула"}
        told = furnished.refusal("clients", "change_client", asked, version)
        assert (told["type"], kept["id"] in told["en"]) == ("merged-away", True)
    assert refused(furnished, kept, other)["type"] == "merged-away"


def test_what_hangs_on_either_shows_under_the_one_also_what_comes_later_under_the_old_id(furnished):
    kept, other = create(furnished), create(furnished)
    before = [plan(furnished, kept), plan(furnished, other)]
    person = contact(furnished, link={"client_id": other["id"]})
    task = furnished.do(
        "clients", "assign_task", {"title": "Позвонить", "due_date": "2030-01-01", "client_id": other["id"]}
    )
    merge(furnished, kept, other)
    later = plan(furnished, other)
    assert later["client_id"] == kept["id"]
    for client in (kept, other):
        assert set(interactions(furnished, client_id=client["id"])) == {one["id"] for one in (*before, later)}
        in_filter = furnished.do("clients", "list_tasks", {"filter": f"client_id = {client['id']}", "limit": 5})[
            "items"
        ]
        assert [(one["id"], one["client_id"]) for one in in_filter] == [(task["id"], kept["id"])]
        assert contacts(furnished, client_id=client["id"]) == {person["id"]}


def test_who_sees_the_one_sees_what_hung_on_the_other_and_who_saw_only_the_other_does_not(furnished):
    mine, theirs = user(furnished), user(furnished)
    kept, other = create(furnished, manager_id=mine), create(furnished, manager_id=theirs)
    hung = plan(furnished, other, employee_id=None)
    merge(furnished, kept, other)

    def seen(by: str) -> set[str]:
        context = replace(call_context(), rights=Rights(users=frozenset([by])))
        answer = furnished.ask("clients", "list_interactions", {"limit": 500}, context)
        return {one["id"] for one in answer["result"]["items"]}

    assert hung["id"] in seen(mine)
    assert hung["id"] not in seen(theirs)


def test_chains_collapse_and_circles_are_refused(furnished):
    first, second, third = create(furnished), create(furnished), create(furnished)
    merge(furnished, second, first)
    one = merge(furnished, third, second)
    assert set(one["merged_ids"]) == {first["id"], second["id"]}
    assert get(furnished, first)["id"] == third["id"]
    for there in (first, second):
        assert refused(furnished, third, there)["type"] == "merged-away"
    assert refused(furnished, third, third)["type"] == "one-client"


def test_a_company_and_a_person_are_no_one_client(furnished):
    person = furnished.do("clients", "create_client", {"kind": "individual", "name": new_id()})
    assert refused(furnished, create(furnished), person)["type"] == "kinds-differ"


def test_two_values_stay_only_where_there_is_room_for_two(furnished):
    told = refused(furnished, create(furnished, city="Тула"), create(furnished, city="Орёл"), city="both")
    assert told["errors"][0]["field"] == "choices.city"


def test_who_sees_only_one_of_them_cannot_merge_them(furnished):
    mine, theirs = user(furnished), user(furnished)
    kept, other = create(furnished, manager_id=mine), create(furnished, manager_id=theirs)
    context = replace(call_context(version=kept["version"]), rights=Rights(users=frozenset([mine])))
    asked = {"client_id": kept["id"], "merged_id": other["id"]}
    answer = furnished.ask("clients", "merge_clients", asked, context)
    assert answer["problem"]["type"] == "unknown-client"


def test_what_a_merged_client_is_known_by_still_keeps_it_from_being_entered_anew(furnished):
    number = phone()
    kept, other = create(furnished), create(furnished, phones=[number])
    one = merge(furnished, kept, other)
    body = {"kind": "legal_entity", "name": new_id(), "phones": [number]}
    told = furnished.refusal("clients", "create_client", body)
    assert (told["type"], kept["id"] in told["en"]) == ("duplicate-client", True)
    again = change(furnished, one, phones=[])
    assert change(furnished, again, phones=[number])["phones"][0]["number"] == number


def test_clients_taken_apart_have_what_they_had_and_what_was_edited_since_is_told_and_stays(furnished):
    number = phone()
    kept = create(furnished, city="Тула", note="важный")
    other = create(furnished, phones=[number], address="Москва", note="звонить")
    on_other = plan(furnished, other)
    merge(furnished, kept, other)
    change(furnished, get(furnished, kept), address="Тверь")
    later = plan(furnished, kept)
    one = unmerge(furnished, kept, other)
    assert (one["phones"], one["address"], one["note"], one["merged_ids"]) == ([], "Тверь", "важный", [])
    apart = get(furnished, other)
    names = ("id", "name", "phones", "address", "note", "merged_into")
    assert {name: apart[name] for name in names} == {name: other[name] for name in names}
    assert interactions(furnished, client_id=other["id"]) == [on_other["id"]]
    assert interactions(furnished, client_id=kept["id"]) == [later["id"]]
    [told] = merges(furnished, merged_id=other["id"])
    assert (told["left"], set(told["given_back"])) == (["address"], {"phones", "note"})
    assert told["unmerged_at"] is not None
    changed = change(furnished, apart, city="Орёл")
    assert changed["city"] == "Орёл"
    assert refused(furnished, kept, other, "unmerge_clients")["type"] == "not-merged"


def test_whoever_is_taken_apart_takes_along_whom_he_brought(furnished):
    first, second, third = create(furnished), create(furnished), create(furnished)
    merge(furnished, second, first)
    merge(furnished, third, second)
    assert refused(furnished, third, first, "unmerge_clients")["type"] == "not-merged"
    assert unmerge(furnished, third, second)["merged_ids"] == []
    assert get(furnished, first)["id"] == second["id"]
    assert unmerge(furnished, second, first)["merged_ids"] == []
    assert get(furnished, first)["id"] == first["id"]
    again = merge(furnished, first, second)
    assert again["merged_ids"] == [second["id"]]


def test_a_client_looked_at_in_the_past_is_what_it_was_before_it_was_merged(furnished):
    kept, other = create(furnished), create(furnished, city="Орёл")
    merge(furnished, kept, other)
    was = get(furnished, other, as_of=other["changed_at"])
    assert (was["id"], was["city"], was["merged_into"]) == (other["id"], "Орёл", None)


def test_merged_clients_are_no_duplicates_until_they_are_taken_apart(furnished):
    number = phone()
    kept = create(furnished, phones=[number])
    other = create(furnished, phones=[number], allow_duplicate=True)
    pair = ("phone", {kept["id"], other["id"]})
    assert pair in groups(furnished)
    merge(furnished, kept, other)
    assert pair not in groups(furnished)
    unmerge(furnished, kept, other)
    assert pair in groups(furnished)


def test_whoever_was_merged_into_a_client_is_forgotten_with_him(furnished):
    kept, other = create(furnished, phones=[phone()]), create(furnished, phones=[phone()])
    merge(furnished, kept, other)
    furnished.do("clients", "erase_client", {"client_id": kept["id"], "reason": "просит сам"})
    erasures = furnished.do("clients", "list_erasures", {"limit": 500})["items"]
    assert {kept["id"], other["id"]} <= {one["id"] for one in erasures}
    assert refused(furnished, kept, other, "unmerge_clients")["type"] == "forgotten"


@pytest.mark.parametrize("call", ["merge_clients", "unmerge_clients"])
def test_read_models_after_merging_are_those_of_a_rebuild(furnished, call):
    first, second, third = create(furnished), create(furnished, phones=[phone()]), create(furnished)
    merge(furnished, second, first)
    merge(furnished, third, second)
    if call == "unmerge_clients":
        unmerge(furnished, third, second)
    before = furnished.rows("clients")
    furnished.runtimes["clients"].projections.rebuild()
    assert furnished.rows("clients") == before


def test_what_a_client_took_over_by_mistake_is_forgotten_with_the_one_it_was_of(furnished):
    number = phone()
    kept, other = create(furnished, note="важный"), create(furnished, phones=[number], note="тайна")
    merge(furnished, kept, other)
    unmerge(furnished, kept, other)
    furnished.runtimes["clients"].keyring.destroy(PersonKey(other["id"], "relation"))
    events = furnished.runtimes["clients"].store.read_stream(f"client:{kept['id']}")
    told = [repr(one.event) for one in events]
    assert not any(number in text or "тайна" in text for text in told)
    assert any("важный" in text for text in told)
    assert (get(furnished, kept)["note"], get(furnished, kept)["phones"]) == ("важный", [])

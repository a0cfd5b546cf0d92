"""vCards as phones and mail programs read them."""

from typing import Any

from services.kernel.vcards import vcard

CHANGED = "2026-03-02T10:00:00Z"
FIRM = {
    "id": "c-1",
    "kind": "legal_entity",
    "name": "ООО «Ромашка»",
    "full_name": "Общество с ограниченной ответственностью «Ромашка»",
    "contact_person": "Петрова Анна Львовна",
    "phones": [
        {"written": "8 916 123-45-67", "number": "+79161234567", "kind": "mobile"},
        {"written": "доб. 12", "number": None},
    ],
    "emails": [{"address": "info@example.ru", "valid": True}],
    "links": [{"kind": "site", "value": "https://example.ru"}, {"kind": "telegram", "value": "@romashka"}],
    "address": "ул. Мира, 5",
    "city": "Тверь",
    "region": "Тверская область",
    "note": "Звонить; после 10\nне раньше",
    "changed_at": CHANGED,
}


def lines(view: dict[str, Any], stamp: str = "") -> list[str]:
    return vcard(view, stamp).replace("\r\n ", "").split("\r\n")


def test_a_firm_is_told_with_whom_one_speaks_to_and_all_ways_to_reach_it():
    assert lines(FIRM, "Петров, 2026") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:ООО «Ромашка»",
        "N:Петрова;Анна;Львовна;;",
        "ORG:Общество с ограниченной ответственностью «Ромашка»",
        "TEL;TYPE=CELL,VOICE:+79161234567",
        "TEL;TYPE=VOICE:доб. 12",
        "EMAIL;TYPE=INTERNET:info@example.ru",
        "ADR;TYPE=WORK:;;ул. Мира\\, 5;Тверь;Тверская область;;",
        "URL:https://example.ru",
        "NOTE:Звонить\\; после 10\\nне раньше",
        "UID:c-1",
        f"REV:{CHANGED}",
        "X-REESTR-EXPORT:Петров\\, 2026",
        "END:VCARD",
        "",
    ]


def test_a_person_has_a_name_in_parts_and_a_birthday():
    told = lines({"id": "p-1", "name": "Орлов Пётр Ильич", "birthday": "1980-05-01", "changed_at": CHANGED})
    assert told[2:5] == ["FN:Орлов Пётр Ильич", "N:Орлов;Пётр;Ильич;;", "BDAY:1980-05-01"]


def test_no_line_is_longer_than_75_bytes_and_no_letter_is_cut():
    view = {**FIRM, "note": "щ😀" * 200}
    raw = vcard(view).encode().split(b"\r\n")
    assert max(map(len, raw)) <= 75
    assert all(line.decode() for line in raw[:-1])
    assert f"NOTE:{view['note']}" in lines(view)


def test_no_value_makes_a_line_of_its_own():
    evil = "x\r\nTEL:+70000000000\rEND:VCARD\u2028BEGIN:VCARD"
    view = {**FIRM, "name": evil, "note": evil, "links": [{"kind": "site", "value": "https://a.example/\u2028TEL:1"}]}
    told = vcard(view).splitlines()
    assert (told.count("BEGIN:VCARD"), told.count("END:VCARD")) == (1, 1)
    assert "TEL:+70000000000" not in told


def test_what_is_masked_is_left_out():
    masked = {
        "phones": [{"written": "+7 *** ***-45-67", "number": "+7 *** ***-45-67"}],
        "emails": [{"address": "i***@example.ru", "valid": True}],
    }
    assert not [line for line in lines({**FIRM, **masked}) if line.startswith(("TEL", "EMAIL"))]


def test_of_who_was_forgotten_nothing_is_told():
    forgotten = {**FIRM, **dict.fromkeys(("name", "full_name", "contact_person", "address", "note")), "phones": []}
    assert lines(forgotten)[2:4] == ["FN:", "N:;;;;"]

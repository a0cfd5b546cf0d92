"""Files to be read, printed and taken into address books."""

import io
import zipfile
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import XML

import pytest

from services.reporting.domain.cells import Column
from tests.reporting.adapters.test_sheets import COLUMNS, ROW, STAMP, sheet, written

HOSTILE = {**ROW, "name": "<script>alert('&')</script>\tв две\nстроки\x07"}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PERSON: dict[str, Any] = {
    "id": "c-1",
    "kind": "individual",
    "name": "Кравцов Илья Никитич",
    "phones": [
        {"written": "8 916 123-45-67", "number": "+79161234567", "kind": "mobile"},
        {"written": "*** ***-45-67", "number": None, "kind": "work"},
    ],
    "emails": [{"address": "k@romashka.example", "valid": True}, {"address": "k***@romashka.example", "valid": True}],
    "links": [{"kind": "site", "value": "https://romashka.example"}, {"kind": "telegram", "value": "@k"}],
    "address": "Москва; ул. Чаянова, 15",
    "birthday": "1980-05-17",
    "note": "звонить\nдо 18; \\ не позже",
    "changed_at": "2026-03-02T10:00:00.000000Z",
}


class Cells(HTMLParser):
    """The cells of a page's table, and the tags of the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: Any) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_a_text_has_a_line_for_each_row_and_marks_what_a_spreadsheet_would_carry_out():
    heading, first, second = written(sheet(format="txt"), [ROW, HOSTILE]).decode("utf-8-sig").splitlines()
    assert heading.split("\t") == [*(column.heading for column in COLUMNS), "Выгрузка"]
    name, *cells = first.split("\t")
    assert name.startswith("'=HYPERLINK")
    assert cells == ["1220,50", "02.03.2026", "03.03.2026 00:30:00", "да", "7", STAMP]
    assert second.split("\t")[0] == "<script>alert('&')</script> в две строки"


def test_a_page_holds_the_table_and_carries_nothing_out():
    page = Cells(written(sheet(format="html"), [HOSTILE]).decode())
    assert "script" not in page.tags
    heading, row = page.rows
    assert [one.strip() for one in heading] == [*(column.heading for column in COLUMNS), "Выгрузка"]
    told = ["1220,50", "02.03.2026", "03.03.2026 00:30:00", "да", "7", STAMP]
    assert [one.strip() for one in row] == ["<script>alert('&')</script>\tв две\nстроки", *told]


def test_a_document_holds_the_table_and_who_took_it():
    with zipfile.ZipFile(io.BytesIO(written(sheet(format="docx"), [HOSTILE, ROW]))) as parts:
        assert parts.testzip() is None
        document = XML(parts.read("word/document.xml"))  # our own
        properties = parts.read("docProps/core.xml").decode()
    rows = [["".join(cell.itertext()) for cell in row.iter(f"{WORD}tc")] for row in document.iter(f"{WORD}tr")]
    assert rows[0] == [*(column.heading for column in COLUMNS), "Выгрузка"]
    assert rows[1][0] == "<script>alert('&')</script>\tв двестроки"
    assert rows[2] == [ROW["name"], "1220,50", "02.03.2026", "03.03.2026 00:30:00", "да", "7", STAMP]
    assert STAMP in properties
    assert "Петров Алексей" in "".join(document.itertext())


def test_a_person_is_a_card_without_what_is_seen_in_part_only():
    card = written(sheet(format="vcf", columns=(Column("name", "", "text"),)), [PERSON]).decode()
    assert card.replace("\r\n ", "").splitlines() == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Кравцов Илья Никитич",
        "N:Кравцов;Илья;Никитич;;",
        "TEL;TYPE=CELL,VOICE:+79161234567",
        "EMAIL;TYPE=INTERNET:k@romashka.example",
        "ADR;TYPE=WORK:;;Москва\\; ул. Чаянова\\, 15;;;;",
        "URL:https://romashka.example",
        "BDAY:1980-05-17",
        "NOTE:звонить\\nдо 18\\; \\\\ не позже",
        "UID:c-1",
        "REV:2026-03-02T10:00:00.000000Z",
        "X-REESTR-EXPORT:Петров Алексей\\, 2026-03-02 10:00\\, e-1",
        "END:VCARD",
    ]


def test_a_company_is_an_organisation_and_nobody_without_a_name_has_a_card():
    company = {"id": "c-2", "kind": "legal_entity", "name": "ООО «Ромашка»"}
    lines = written(sheet(format="vcf"), [company, {"id": "c-3", "name": None}]).decode().splitlines()
    assert {"FN:ООО «Ромашка»", "N:;;;;", "ORG:ООО «Ромашка»"} <= set(lines)
    assert lines.count("BEGIN:VCARD") == 1


@pytest.mark.parametrize("length", [10, 74, 75, 76, 149, 150, 300])
def test_long_lines_go_on_in_the_next_and_no_letter_is_cut(length):
    note = "я" * length
    lines = written(sheet(format="vcf"), [{"id": "c-1", "name": "Я", "note": note}]).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert f"NOTE:{note}" in b"\r\n".join(lines).decode().replace("\r\n ", "")

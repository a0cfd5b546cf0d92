import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from services.clients.adapters import spreadsheet
from services.clients.adapters.file_errors import (
    BrokenFile,
    EmptyFile,
    FileTooLarge,
    ProtectedFile,
    TooManyCells,
    TooManyColumns,
    TooManyRows,
    UnpacksTooLarge,
    UnsupportedFile,
)
from services.clients.domain.import_rows import SheetRow
from tests.clients.adapters.tables import read_table

ROWS = [["Клиент", "ИНН"], ["ООО «Дуб»", "7799101370"], ["", ""], ["ИП Ель", ""]]
READ = (SheetRow(2, {"Клиент": "ООО «Дуб»", "ИНН": "7799101370"}), SheetRow(4, {"Клиент": "ИП Ель"}))
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
MANY = '<table:table-cell table:number-columns-repeated="16384"/>'
MANY_FORMULAS = MANY.replace("/>", ' table:formula="of:=1"/>')


def xlsx(rows, fill=lambda book, sheet: None):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        fill(book, sheet)
    return content.getvalue()


def ods(table):
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Лист1">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}">'
            '<manifest:file-entry manifest:full-path="/"/></manifest:manifest>',
        )
    return content.getvalue()


def ods_rows(rows):
    return "".join(
        "<table:table-row>" + "".join(CELL.format(cell) if cell else "<table:table-cell/>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in rows
    )  # fmt: skip


@pytest.mark.capability("CL-57")
@pytest.mark.parametrize(
    "content",
    [
        xlsx(ROWS),
        ods(
            ods_rows(ROWS)
            + '<table:table-row table:number-rows-repeated="1048572"><table:table-cell/></table:table-row>'
        ),
        "Клиент;ИНН\r\nООО «Дуб»;7799101370\r\n;\r\nИП Ель;\r\n".encode(),
        'Клиент,ИНН\n"ООО «Дуб»","7799101370"\n\nИП Ель\n'.encode("utf-8-sig"),
        "Клиент\tИНН\nООО «Дуб»\t7799101370\n\nИП Ель\n".encode("cp1251"),
    ],
    ids=["xlsx", "ods", "semicolons", "commas", "tabs in cp1251"],
)
def test_every_format_gives_the_same_table(content):
    table = read_table(content)
    assert table.headings == ("Клиент", "ИНН")
    assert table.rows == READ


def test_numbers_dates_formulas_and_truth_values_read_as_they_look():
    def fill(book, sheet):
        sheet.write_row(1, 0, [7799101370, 79161234567, 12.5, True])
        sheet.write_datetime(1, 4, dt.datetime(2026, 3, 1), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_formula(1, 5, '=A2&"x"', None, "итог")
        sheet.write_formula(1, 6, "=1/0", None, "#DIV/0!")

    [row] = read_table(xlsx(["abcdefg"], fill)).rows
    assert row.cells == {"a": "7799101370", "b": "79161234567", "c": "12.5", "d": "да", "e": "2026-03-01", "f": "итог"}


def test_a_table_may_begin_anywhere_and_rows_keep_the_numbers_people_see():
    table = read_table(xlsx([[], [], ["", "", "Клиент"], [], ["", "", "ООО «Дуб»"]]))
    assert table.headings == ("A", "B", "Клиент")
    assert table.rows == (SheetRow(5, {"Клиент": "ООО «Дуб»"}),)


def test_untitled_and_repeated_columns_keep_their_cells():
    table = read_table("Клиент;Телефон;Телефон\nДуб;1;2;3\n".encode())
    assert table.headings == ("Клиент", "Телефон", "Телефон (2)", "D")
    assert table.rows[0].cells == {"Клиент": "Дуб", "Телефон": "1", "Телефон (2)": "2", "D": "3"}


def test_delimiters_and_line_ends_inside_quotes_are_text():
    table = read_table('"Клиент, имя";Адрес\n"ООО ""Дуб""";"Ярославль,\nул. Мира; 5"\n'.encode())
    assert table.rows[0].cells == {"Клиент, имя": 'ООО "Дуб"', "Адрес": "Ярославль,\nул. Мира; 5"}


def test_the_first_visible_sheet_is_read():
    def fill(book, sheet):
        sheet.hide()
        shown = book.add_worksheet()
        shown.write_column(0, 0, ["Клиент", "Ель"])
        shown.activate()
        shown.set_first_sheet()

    assert read_table(xlsx([["Скрыто"], ["Дуб"]], fill)).rows == (SheetRow(2, {"Клиент": "Ель"}),)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyFile),
        (b"\n;;\n", EmptyFile),
        ("Клиент;ИНН\n".encode(), EmptyFile),
        (xlsx([]), EmptyFile),
        (xlsx([["Клиент"]]), EmptyFile),
        (b"%PDF-1.7\0\1", UnsupportedFile),
        (b"\x98" * 50, UnsupportedFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ProtectedFile),
        (xlsx(ROWS)[:3000], BrokenFile),
        ('Клиент\n"ООО Дуб\nЕль\n'.encode(), BrokenFile),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(content, refusal):
    with pytest.raises(refusal):
        read_table(content)


def damaged(content, change):
    """The workbook with every part put through `change`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            archive.writestr(entry.filename, change(entry.filename, source.read(entry)))
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda name, part: part[:-20] if "sheet1" in name else part, BrokenFile),
        (lambda name, part: part.replace(b'r="B2"', b'r="2B"'), BrokenFile),
        (lambda name, part: b"" if name == "xl/workbook.xml" else part, BrokenFile),
        (lambda name, part: part.decode().encode("utf-16") if "sheet1" in name else part, BrokenFile),
        (lambda name, part: part.replace(b"sheetData", b"x"), UnsupportedFile),
        (lambda name, part: part.replace(b'r="B2"', b'r="XFD1048576"'), TooManyCells),
        (lambda name, part: part.replace(b'r="B2"', b"r = 'xfd1048576'"), TooManyCells),
        (lambda name, part: part.replace(b'r="B2"', b'r="IV2"'), TooManyColumns),
    ],
)
def test_a_damaged_or_malicious_workbook_is_refused(change, refusal):
    with pytest.raises(refusal):
        read_table(damaged(xlsx(ROWS), change))


@pytest.mark.parametrize(
    "table",
    [
        f'<table:table-row table:number-rows-repeated="1048576">{CELL.format("x")}</table:table-row>' * 2,
        f"<table:table-row>{MANY_FORMULAS}</table:table-row>" * 200,
        f"<table:table-row>{MANY}<table:table-cell/></table:table-row>" * 200,
    ],
    ids=["rows", "formulas", "empty cells"],
)
def test_repetitions_that_unfold_into_millions_of_cells_are_refused(table):
    with pytest.raises(TooManyCells):
        read_table(ods(table))


def test_a_small_file_that_unpacks_into_much_is_refused():
    bomb = damaged(xlsx(ROWS), lambda name, part: part + b" " * 2**25 if name.endswith(".xml") else part)
    assert len(bomb) < spreadsheet.MAX_BYTES
    with pytest.raises(UnpacksTooLarge):
        read_table(bomb)


def test_a_false_size_in_the_directory_does_not_hide_a_bomb():
    content = xlsx(ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    with pytest.raises(BrokenFile):
        read_table(content.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little")))


def test_a_file_with_a_password_is_refused_as_such():
    content = bytearray(xlsx(ROWS))
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = -1
        while (start := content.find(signature, start + 1)) >= 0:
            content[start + flags] |= 1
    with pytest.raises(ProtectedFile):
        read_table(bytes(content))


def test_limits_are_kept(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    assert len(read_table(b"a\n1\n2\n3\n\n\n").rows) == 3
    with pytest.raises(TooManyRows):
        read_table(b"a\n1\n2\n3\n4\n")
    with pytest.raises(TooManyColumns):
        read_table(b"a\n" + b";" * 200 + b"x")
    with pytest.raises(FileTooLarge):
        read_table(b"a" * (spreadsheet.MAX_BYTES + 1))

import io
import zipfile

import pytest

from services.clients.domain.file_kind import (
    KINDS,
    LONGEST_NAME,
    ContentOfAnotherKind,
    NoFileName,
    UnknownKindOfFile,
    media_type_of,
    name_of_file,
)

OPEN = "application/vnd.oasis.opendocument"
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 8


def packed(*parts: str, mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for part in parts:
            archive.writestr(part, "<x/>")
    return file.getvalue()


TRUE = {
    "csv": "Наименование;Город\n".encode("cp1251"),
    "doc": OLE,
    "docx": packed("[Content_Types].xml", "word/document.xml"),
    "eml": b"Received: from mail.example\r\n\r\nhello",
    "gif": b"GIF89a\1\0\1\0",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "jpg": b"\xff\xd8\xff\xe1\0\x10Exif",
    "odp": packed("content.xml", mimetype=f"{OPEN}.presentation"),
    "ods": packed("content.xml", mimetype=f"{OPEN}.spreadsheet"),
    "odt": packed("content.xml", mimetype=f"{OPEN}.text"),
    "pdf": b"%PDF-1.7\n",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "pptx": packed("[Content_Types].xml", "ppt/presentation.xml"),
    "tif": b"II*\0\x08\0\0\0",
    "tiff": b"MM\0*\0\0\0\x08",
    "txt": "Договорились на среду".encode(),
    "webp": b"RIFF\x1a\0\0\0WEBPVP8 ",
    "xls": OLE,
    "xlsx": packed("[Content_Types].xml", "xl/workbook.xml"),
}


@pytest.mark.parametrize("ending", KINDS)
def test_a_file_that_is_what_its_name_says_is_of_that_type(ending):
    assert media_type_of(f"Файл.{ending.upper()}", TRUE[ending]) == KINDS[ending].media_type


@pytest.mark.parametrize("ending", sorted(set(KINDS) - {"csv", "txt"}))
@pytest.mark.parametrize("content", [b"", PAGE, packed("evil.exe"), b"MZ\x90\0", b"PK\x03\x04 cut short"])
def test_a_page_or_a_program_or_an_archive_by_another_name_is_refused(ending, content):
    with pytest.raises(ContentOfAnotherKind):
        media_type_of(f"Счёт.{ending}", content)


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_what_holds_zero_bytes_is_no_text(ending):
    with pytest.raises(ContentOfAnotherKind):
        media_type_of(f"a.{ending}", b"MZ\x90\0")


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.exe", "a.zip", "a.docm", "a.pdf.js", "a.pdf.", "pdf2", "a"])
def test_what_runs_or_is_shown_as_a_page_or_hides_its_content_is_not_attached(name):
    with pytest.raises(UnknownKindOfFile):
        media_type_of(name, TRUE["pdf"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Иван\\Договор 5.pdf", "Договор 5.pdf"),
        ("Счёт\r\nSet-Cookie: a=b\0.pdf", "Счёт Set-Cookie: a=b .pdf"),
        ("fdp.\u202eтёчС.pdf", "fdp.тёчС.pdf"),
        ("Скан\ud800.pdf", "Скан .pdf"),
        ("  Смета \t на  кухню.xlsx ", "Смета на кухню.xlsx"),
    ],
)
def test_a_name_loses_folders_and_what_is_not_shown(given, kept):
    assert name_of_file(given) == kept


def test_a_long_name_is_cut_and_keeps_its_ending():
    assert name_of_file("ж" * 300 + ".pdf") == "ж" * (LONGEST_NAME - 4) + ".pdf"
    assert name_of_file("a." + "b" * 300) == ("a." + "b" * 300)[:LONGEST_NAME]
    assert len(name_of_file("ж" * 300)) == LONGEST_NAME


@pytest.mark.parametrize("given", ["", " ", ".", "..", "a/", "C:\\", "\u200b", ".pdf", "\0.pdf"])
def test_a_file_without_a_name_is_refused(given):
    with pytest.raises(NoFileName):
        name_of_file(given)

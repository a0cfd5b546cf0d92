"""Which files may be attached, and by what their content is known to be what their name says."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.kernel.errors import Refusal
from services.kernel.text import tidy

LONGEST_NAME = 200
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?[^\r\n]*\r?\n")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF = (b"heic", b"heix", b"mif1", b"msf1")


class UnknownKindOfFile(Refusal):
    status = 415
    ru = "Файлы этого вида не прикладываются; можно: {allowed}"
    en = "Files of this kind are not attached; these are: {allowed}"


class ContentOfAnotherKind(Refusal):
    status = 415
    ru = "Содержимое файла не похоже на «{ending}»"
    en = "The content of the file is not what .{ending} files hold"


class NoFileName(Refusal):
    status = 422
    ru = "У файла нет имени"
    en = "The file has no name"


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_heif(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF


def _holds(*parts: str) -> Callable[[bytes], bool]:
    """A packed document with these parts; its directory is read and nothing is unpacked."""

    def check(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return set(parts) <= set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return False

    return check


def _is_open_document(media_type: str) -> Callable[[bytes], bool]:
    """Its first part is its media type, stored as it is right after a header of 38 bytes."""
    marked = b"mimetype" + media_type.encode()
    return lambda content: content.startswith(b"PK\x03\x04") and content[30:].startswith(marked)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content


def _is_letter(content: bytes) -> bool:
    return _is_text(content) and _HEADER.match(content) is not None


@dataclass(frozen=True, slots=True)
class FileKind:
    media_type: str
    holds: Callable[[bytes], bool]


_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
_JPEG, _TIFF = FileKind("image/jpeg", _begins(b"\xff\xd8\xff")), FileKind("image/tiff", _begins(b"II*\0", b"MM\0*"))

# by the ending of a name; nothing that runs or that a browser would show as a page
KINDS: Mapping[str, FileKind] = {
    "csv": FileKind("text/csv", _is_text),
    "doc": FileKind("application/msword", _begins(_OLE)),
    "docx": FileKind(f"{_OFFICE}.wordprocessingml.document", _holds("[Content_Types].xml", "word/document.xml")),
    "eml": FileKind("message/rfc822", _is_letter),
    "gif": FileKind("image/gif", _begins(b"GIF87a", b"GIF89a")),
    "heic": FileKind("image/heic", _is_heif),
    "jpeg": _JPEG,
    "jpg": _JPEG,
    "odp": FileKind(f"{_OPEN}.presentation", _is_open_document(f"{_OPEN}.presentation")),
    "ods": FileKind(f"{_OPEN}.spreadsheet", _is_open_document(f"{_OPEN}.spreadsheet")),
    "odt": FileKind(f"{_OPEN}.text", _is_open_document(f"{_OPEN}.text")),
    "pdf": FileKind("application/pdf", _begins(b"%PDF-")),
    "png": FileKind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "pptx": FileKind(f"{_OFFICE}.presentationml.presentation", _holds("[Content_Types].xml", "ppt/presentation.xml")),
    "tif": _TIFF,
    "tiff": _TIFF,
    "txt": FileKind("text/plain", _is_text),
    "webp": FileKind("image/webp", _is_webp),
    "xls": FileKind("application/vnd.ms-excel", _begins(_OLE)),
    "xlsx": FileKind(f"{_OFFICE}.spreadsheetml.sheet", _holds("[Content_Types].xml", "xl/workbook.xml")),
}


def name_of_file(given: str) -> str:
    """The name without the folders it came from and what is not shown; a long one keeps its ending."""
    last = re.split(r"[/\\]", given)[-1]
    name = " ".join(_UNSHOWN.sub(" ", tidy(last)).split())
    stem, dot, ending = name.rpartition(".")
    if not (stem if dot else name).strip(" ."):
        raise NoFileName.on("file_name")
    if len(name) <= LONGEST_NAME:
        return name
    kept = LONGEST_NAME - len(ending) - 1
    return f"{stem[:kept].rstrip()}.{ending}" if dot and kept > 0 else name[:LONGEST_NAME]


def media_type_of(name: str, content: bytes) -> str:
    """By the ending of the name, which the content has to bear out."""
    ending = name.rpartition(".")[2].lower()
    kind = KINDS.get(ending)
    if kind is None:
        raise UnknownKindOfFile.on("file_name", allowed=", ".join(KINDS))
    if not kind.holds(content):
        raise ContentOfAnotherKind.on("file", ending=ending)
    return kind.media_type

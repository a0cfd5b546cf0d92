"""What reporting can be asked to do."""

from dataclasses import dataclass, field
from typing import Literal

from services.kernel.ids import new_id

Format = Literal["csv", "xlsx", "txt", "html", "docx", "vcf"]
Language = Literal["ru", "en"]


@dataclass(frozen=True, slots=True)
class RequestExport:
    """The rows that a list of `resource` shows, asked as the list is, as a file for a spreadsheet."""

    resource: str
    format: Format
    language: Language = "ru"
    filter: str = ""
    q: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    export_id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class StopExport:
    export_id: str


@dataclass(frozen=True, slots=True)
class ResumeExport:
    export_id: str


@dataclass(frozen=True, slots=True)
class DownloadExport:
    export_id: str


@dataclass(frozen=True, slots=True)
class ExpireExport:
    export_id: str

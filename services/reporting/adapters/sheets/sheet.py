"""The table to be written, as it goes to the process that writes it."""

import msgspec

from services.reporting.commands import Format, Language
from services.reporting.domain.cells import Column


class Sheet(msgspec.Struct, frozen=True):
    """`stamp` stands in every row: who took it, when, and by which export. `about` says it all
    on a sheet of its own, where the format has one. `zone` is the zone in which times are shown."""

    title: str
    format: Format
    language: Language
    columns: tuple[Column, ...]
    stamp: str
    about: tuple[tuple[str, str], ...]
    zone: str

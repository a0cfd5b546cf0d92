"""Which rows of a table may mean one client: those wait for each other, all others are taken in side by side."""

from collections.abc import Hashable, Sequence

from services.clients.domain.contact_points import read_phone
from services.clients.domain.identity import email_key, name_keys
from services.clients.domain.import_rows import ReadRow


def lines_of(rows: Sequence[ReadRow]) -> list[int]:
    """For each row the place of the first one of its line."""
    line = list(range(len(rows)))
    first: dict[Hashable, int] = {}
    for place, row in enumerate(rows):
        for likeness in _likenesses(row):
            _join(line, first.setdefault(likeness, place), place)
    return [_head(line, place) for place in range(len(rows))]


def _likenesses(row: ReadRow) -> set[Hashable]:
    if row.draft is None:
        return set()
    fields, code = row.draft.fields, row.draft.code
    phones = (read_phone(phone).number for phone in fields.phones)
    return {
        *((what, value) for what, value in (("code", code), ("inn", fields.inn)) if value),
        *(("phone", number) for number in phones if number),
        *(("email", email_key(address)) for address in fields.emails),
        *(("name", key) for key in name_keys(fields.name)),
    }


def _join(line: list[int], one: int, other: int) -> None:
    heads = sorted((_head(line, one), _head(line, other)))
    line[heads[1]] = heads[0]


def _head(line: Sequence[int], place: int) -> int:
    while line[place] != place:
        place = line[place]
    return place

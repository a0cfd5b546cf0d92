"""What becomes of a row that was read: a new client, one that is known already, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.clients.domain.contact_points import read_email, read_phone
from services.clients.domain.identity import IdentityKey, decisive, identity_keys
from services.clients.domain.import_rows import ClientDraft, Problem, ReadRow

Outcome = Literal["created", "duplicate", "refused"]

# the surest sign first: it is the one that is told
_SIGNS = {
    "inn": ("Клиент уже есть: тот же ИНН и КПП", "The client exists: same INN and KPP"),
    "phone": ("Клиент уже есть: тот же телефон", "The client exists: same phone"),
    "email": ("Клиент уже есть: тот же адрес электронной почты", "The client exists: same e-mail address"),
    "name": ("Клиент уже есть: то же наименование", "The client exists: same name"),
}
_SAME_NAME = ("Есть другой клиент с таким же наименованием", "There is another client of the same name")


@dataclass(frozen=True, slots=True)
class Settled:
    """`same_as` is the client that the row repeats, or whose name it shares."""

    outcome: Outcome
    problems: tuple[Problem, ...]
    same_as: str | None = None


def draft_keys(draft: ClientDraft) -> frozenset[IdentityKey]:
    fields = draft.fields
    phones, emails = map(read_phone, fields.phones), map(read_email, fields.emails)
    return identity_keys(
        inn=fields.inn,
        kpp=fields.kpp,
        name=fields.name,
        phones=[phone.number for phone in phones if phone.number],
        emails=[email.address for email in emails if email.valid],
    )


def settle(read: ReadRow, known: Mapping[IdentityKey, str]) -> Settled:
    """`known` says whose client's each key is already, at least for the keys of this row."""
    if read.draft is None:
        return Settled("refused", read.problems)
    keys = draft_keys(read.draft)
    by_scope = {key.scope: key for key in sorted(keys, reverse=True) if key in known}
    repeated = {key.scope for key in decisive(keys)}
    for scope, (ru, en) in _SIGNS.items():
        if scope in by_scope and scope in repeated:
            problem = Problem(read.number, "", f"duplicate-{scope}", ru, en)
            return Settled("duplicate", (*read.problems, problem), known[by_scope[scope]])
    if "name" not in by_scope:
        return Settled("created", read.problems)
    problem = Problem(read.number, "", "same-name", *_SAME_NAME)
    return Settled("created", (*read.problems, problem), known[by_scope["name"]])

"""A row of somebody's table becomes the draft of a client, with everything that is doubtful in it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

from services.clients.commands.clients import ClientFields, ClientKind
from services.clients.domain.client import wrong_codes
from services.clients.domain.contact_points import read_email, read_phone, split_contact_points
from services.clients.domain.identity import kind_by_legal_form
from services.clients.domain.import_columns import CODE, PLAIN_DETAILS, Columns
from services.kernel.codes import inn_ok, kpp_ok
from services.kernel.text import tidy

_LIMITS = {"name": 300, "full_name": 1000, "contact_person": 300, "address": 500, "city": 100, "source": 100}
_LIMITS |= {"phones": 60, "emails": 254, "manager": 300, "actual_address": 500, "region": 100, "district": 100}
_LIMITS |= {"default_contract": 200, "industry_segment": 200, "business_size": 200, "goods_use": 500}
_LIMITS |= {"seasonality": 200, "preferences": 2000, "portrait": 5000, CODE: 20}
MAX_NOTE = 10_000
_CODE_DIGITS = 9
_MAX_CONTACT_POINTS = 20
_CODES = {"inn": r"[0-9]{1,12}", "kpp": r"[0-9A-Z]{1,9}", "ogrn": r"[0-9]{1,15}", "okpo": r"[0-9]{1,10}"}
_COMPANY_INN, _PERSONAL_INN, _COMPANY_OGRN, _TRADERS_OGRN = 10, 12, 13, 15
_SAYS_NOTHING = re.compile(r"[\s\W_]*|нет|не указано?|не заполнено|неизвестно|н/?д|n/?a", re.IGNORECASE)
_FULL_NAME = re.compile(
    r"[а-яё-]+ (?:[а-яё-]+ [а-яё]+(?:ич|вна|чна|шна)|[а-яё]+(?:ович|евич|ьич|овна|евна|ична))"
    r"|[а-яё-]+ [а-яё]+ [а-яё]+ (?:оглы|кызы)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[А-ЯЁ][а-яё-]+ [А-ЯЁ]\. ?[А-ЯЁ]\.")
_KINDS: Mapping[str, ClientKind] = {
    **dict.fromkeys(("юрлицо", "юридическоелицо", "организация", "компания", "legalentity"), "legal_entity"),
    **dict.fromkeys(("ип", "индивидуальныйпредприниматель", "предприниматель", "soletrader"), "sole_trader"),
    **dict.fromkeys(("физлицо", "физическоелицо", "частноелицо", "individual"), "individual"),
}
_TEXTS = {
    "no-name": ("Нет наименования: строка пропущена", "No name: the row is left out"),
    "too-long": ("Слишком длинное значение, оно в примечании", "The value is too long, it went to the note"),
    "too-many": ("Больше {limit} значений, лишние в примечании", "Over {limit} values, the rest went to the note"),
    "name-too-long": ("Наименование длиннее {limit} знаков", "The name is longer than {limit} characters"),
    "note-too-long": ("Примечание обрезано до {limit} знаков", "The note was cut to {limit} characters"),
    "wrong-inn": ("ИНН не проходит проверку", "The INN fails its check"),
    "wrong-kpp": ("КПП не проходит проверку", "The KPP fails its check"),
    "wrong-okpo": ("ОКПО не проходит проверку", "The OKPO fails its check"),
    "wrong-ogrn": ("ОГРН не проходит проверку", "The OGRN fails its check"),
    "wrong-phone": ("Не похоже на номер телефона", "Not a valid phone number"),
    "wrong-email": ("Не похоже на адрес электронной почты", "Not a valid e-mail address"),
    "guessed-kind": ("Вид клиента не ясен, принят за юридическое лицо", "Unclear kind, taken for a legal entity"),
}


class SheetRow(NamedTuple):
    """A filled row as a spreadsheet program shows it: its number, its filled cells by heading. A
    card of an address book has its place among the cards."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is doubtful or wrong in one cell; without a column, in the row."""

    row: int
    column: str
    code: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """What the row says of a client; the manager by the name the table has for him, the client by
    our code where the table has a column of these."""

    kind: ClientKind
    fields: ClientFields
    manager: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """With a draft, the problems are warnings; without one, the row is refused and they say why."""

    number: int
    draft: ClientDraft | None
    problems: tuple[Problem, ...]


def read_row(row: SheetRow, columns: Columns) -> ReadRow:
    """Nothing that was written is lost: what fits no field goes to the note under its heading."""
    reading = _Reading(row.number)
    for heading, cell in row.cells.items():
        field = columns.get(heading, "")
        if field is not None and not _SAYS_NOTHING.fullmatch(cell):
            reading.take(field, heading, _printable(cell))
    draft = reading.draft(next(heading for heading, field in columns.items() if field in ("name", "full_name")))
    return ReadRow(row.number, draft, tuple(reading.problems))


class _Reading:
    """One row on its way to a draft."""

    def __init__(self, row: int) -> None:
        self._row = row
        self._stated_kind: ClientKind | None = None
        self._values: dict[str, Any] = {}
        self._headings: dict[str, str] = {}
        self._points: dict[str, dict[str, None]] = {"phones": {}, "emails": {}}
        self._notes: list[str] = []
        self.problems: list[Problem] = []

    def take(self, field: str, heading: str, cell: str) -> None:
        text = " ".join(cell.split())
        if field in self._points:
            self._take_points(field, heading, cell)
        elif field == "note":
            self._notes.append(text)
        elif not field or field in self._values:
            self._to_note(heading, text)
        elif field in _CODES:
            self._take_code(field, heading, text)
        elif field == "kind":
            self._take_kind(heading, text)
        elif field != "name" and len(text) > _LIMITS[field]:
            self._to_note(heading, text, "too-long")
        else:
            self._keep(field, heading, text)

    def _keep(self, field: str, heading: str, text: str) -> None:
        self._values[field] = text
        self._headings[field] = heading

    def _to_note(self, heading: str, text: str, code: str = "", **params: int) -> None:
        self._notes.append(f"{heading}: {text}")
        if code:
            self._doubt(heading, code, **params)

    def _doubt(self, heading: str, code: str, **params: int) -> None:
        ru, en = _TEXTS[code]
        self.problems.append(Problem(self._row, heading, code, ru.format(**params), en.format(**params)))

    def _take_points(self, field: str, heading: str, cell: str) -> None:
        points = self._points[field]
        for text in split_contact_points(cell):
            if len(text) > _LIMITS[field]:
                self._to_note(heading, text, "too-long")
            elif text not in points and len(points) >= _MAX_CONTACT_POINTS:
                self._to_note(heading, text, "too-many", limit=_MAX_CONTACT_POINTS)
            else:
                points[text] = None
                self._check_point(field, heading, text)

    def _check_point(self, field: str, heading: str, text: str) -> None:
        if field == "phones" and read_phone(text).number is None:
            self._doubt(heading, "wrong-phone")
        if field == "emails" and not read_email(text).valid:
            self._doubt(heading, "wrong-email")

    def _take_code(self, field: str, heading: str, text: str) -> None:
        code = text.replace(" ", "").replace("-", "").upper()
        if re.fullmatch(_CODES[field], code):
            self._keep(field, heading, code)
        else:
            self._to_note(heading, text, f"wrong-{field}")

    def _take_kind(self, heading: str, text: str) -> None:
        kind = _KINDS.get(re.sub(r"[\W_]", "", text.casefold()))
        if kind and not self._stated_kind:
            self._stated_kind = kind
        else:
            self._to_note(heading, text)

    def draft(self, name_heading: str) -> ClientDraft | None:
        name = self._values.setdefault("name", self._values.get("full_name", ""))
        if not name:
            self._doubt(name_heading, "no-name")
            return None
        if len(name) > _LIMITS["name"]:
            self._doubt(name_heading, "name-too-long", limit=_LIMITS["name"])
            return None
        _restore_lost_zeros(self._values)
        kind = self._kind(name_heading)
        manager, code = self._values.pop("manager", ""), self._values.pop(CODE, "")
        details = {name: self._values.pop(name) for name in PLAIN_DETAILS if name in self._values}
        fields = ClientFields(
            **self._values,
            details=details,
            phones=tuple(self._points["phones"]),
            emails=tuple(self._points["emails"]),
            note=self._note(),
        )
        for wrong in wrong_codes(kind, {**asdict(fields), "okpo": details.get("okpo", ""), "bank_accounts": ()}):
            self._doubt(self._headings[wrong.field], wrong.code)
        return ClientDraft(kind, fields, manager, code.zfill(_CODE_DIGITS) if code else "")

    def _kind(self, name_heading: str) -> ClientKind:
        kind = self._stated_kind or _kind_by_name(self._values) or _kind_by_codes(self._values)
        if kind is None:
            self._doubt(name_heading, "guessed-kind")
        return kind or "legal_entity"

    def _note(self) -> str:
        note = "\n".join(self._notes)
        if len(note) > MAX_NOTE:
            self._doubt("", "note-too-long", limit=MAX_NOTE)
        return note[:MAX_NOTE]


def with_manager_noted(draft: ClientDraft) -> ClientFields:
    """The fields with the manager's name in the note."""
    note = f"Менеджер: {draft.manager}\n{draft.fields.note}".strip()
    return replace(draft.fields, note=note[:MAX_NOTE])


def _kind_by_name(values: Mapping[str, str]) -> ClientKind | None:
    return kind_by_legal_form(values["name"]) or kind_by_legal_form(values.get("full_name", ""))


def _kind_by_codes(values: Mapping[str, str]) -> ClientKind | None:
    inn, kpp, ogrn = (values.get(code, "") for code in ("inn", "kpp", "ogrn"))
    if kpp_ok(kpp) or len(inn) == _COMPANY_INN or len(ogrn) == _COMPANY_OGRN:
        return "legal_entity"
    if len(ogrn) == _TRADERS_OGRN:
        return "sole_trader"
    if _FULL_NAME.fullmatch(values["name"]) or _INITIALS.fullmatch(values["name"]):
        return "individual"
    return "sole_trader" if len(inn) == _PERSONAL_INN else None


def _restore_lost_zeros(values: dict[str, str]) -> None:
    """Spreadsheet programs take codes for numbers and drop the leading zero of the first nine regions."""
    inn, kpp = (f"0{values.get(code, '')}" for code in ("inn", "kpp"))
    if inn_ok(inn):
        values["inn"] = inn
    # a КПП has no check digit: one of eight digits is whole only beside an ИНН of those regions
    if kpp_ok(kpp) and values.get("inn", "").startswith("0"):
        values["kpp"] = kpp


def _printable(cell: str) -> str:
    return "".join(character for character in tidy(cell) if character.isprintable() or character.isspace())

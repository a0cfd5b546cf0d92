"""Which column of somebody's table holds which field of a client."""

import re
from collections.abc import Iterable, Mapping, Sequence

from services.clients.commands.card import FIELDS, NAMED
from services.kernel.errors import FieldError, Invalid

SEVERAL = ("phones", "emails", "note")
PLAIN_DETAILS = tuple(field.name for field in FIELDS if field.kind == "text" and not field.named)
CODE = "code"  # ours; never guessed from a heading, other programs have codes of nine digits too
COLUMN_FIELDS = (*NAMED, *PLAIN_DETAILS, "kind", "manager", CODE)
# heading to field; None leaves the column out, a heading that is not here goes to the note
Columns = Mapping[str, str | None]
# what we write beside the rows that were not taken in; it is no part of them
ROW, REASON = "Строка исходного файла", "Причина отказа"

_SYNONYMS = {
    "name": "наименование, название, клиент, контрагент, покупатель, заказчик, компания, организация, фирма, "
    "краткое наименование, сокращенное наименование, рабочее наименование, наименование клиента, "
    "название клиента, название компании, название организации, фио клиента, name, client, company",
    "full_name": "полное наименование, полное название, юридическое наименование, full name",
    "inn": "инн, inn",
    "kpp": "кпп, kpp",
    "ogrn": "огрн, огрнип, огрн огрнип, ogrn",
    "phones": "телефон, телефоны, тел, номер телефона, контактный телефон, рабочий телефон, мобильный, моб, сотовый, "
    "мобильный телефон, моб телефон, сотовый телефон, мобильный номер, номер мобильного, phone, phones, mobile",
    "emails": "e mail, email, почта, эл почта, электронная почта, адрес электронной почты, эл адрес, mail",
    "contact_person": "контактное лицо, контакт, представитель, фио, фио контактного лица, лпр, contact person",
    "address": "адрес, юридический адрес, юр адрес, почтовый адрес, address",
    "city": "город, населенный пункт, city",
    "actual_address": "фактический адрес, факт адрес",
    "okpo": "окпо, okpo",
    "region": "регион, область, субъект федерации, region",
    "district": "район, район расположения, district",
    "default_contract": "основной договор, договор",
    "industry_segment": "сегмент отрасли",
    "business_size": "размер бизнеса",
    "goods_use": "использование товара, как используется товар",
    "seasonality": "сезонность",
    "preferences": "предпочтения, личные предпочтения",
    "portrait": "портрет клиента",
    "source": "источник, откуда узнали, источник привлечения, канал привлечения, рекламный канал, source",
    "note": "примечание, примечания, комментарий, комментарии, заметки, note, comment",
    "kind": "вид, тип, вид клиента, тип клиента, юр физ лицо, kind",
    "manager": "менеджер, ответственный, ответственный менеджер, основной менеджер, manager",
}
_FIELD_OF = {synonym: field for field, synonyms in _SYNONYMS.items() for synonym in synonyms.split(", ")}


def map_columns(headings: Iterable[str], explicit: Columns) -> dict[str, str | None]:
    """The explicit mapping, and what the other headings seem to mean."""
    headings = tuple(headings)
    if wrong := _wrong_mappings(headings, explicit):
        raise Invalid(wrong)
    columns = propose_columns(headings, explicit)
    if not {"name", "full_name"} & set(columns.values()):
        raise Invalid([FieldError("columns", "no-name-column", "Нет столбца с наименованием", "No column of names")])
    return columns


def propose_columns(headings: Sequence[str], explicit: Columns) -> dict[str, str | None]:
    """Where two columns claim a field that holds one value, the first one has it."""
    columns = dict.fromkeys([heading for heading in headings if heading in (ROW, REASON)]) | dict(explicit)
    for heading in headings:
        field = _FIELD_OF.get(_plain(heading))
        if heading not in columns and field and (field in SEVERAL or field not in columns.values()):
            columns[heading] = field
    return columns


def _wrong_mappings(headings: tuple[str, ...], explicit: Columns) -> list[FieldError]:
    wrong = []
    for heading, field in explicit.items():
        if heading not in headings:
            ru, en = f"В файле нет столбца «{heading}»", f"The file has no column “{heading}”"
            wrong.append(FieldError(f"columns.{heading}", "unknown-column", ru, en))
        if field not in (None, *COLUMN_FIELDS):
            ru, en = f"У клиента нет поля «{field}»", f"A client has no field “{field}”"
            wrong.append(FieldError(f"columns.{heading}", "unknown-field", ru, en))
    return wrong


def _plain(heading: str) -> str:
    """Without case, «ё», punctuation and the number of a repeated column."""
    words = re.findall(r"[^\W_]+", heading.casefold().replace("ё", "е"))
    return " ".join(word for word in words if not word.isdecimal())

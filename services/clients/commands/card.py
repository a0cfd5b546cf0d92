"""The fields of a client's card: what each holds, where it stands, and what people call it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FieldKind = Literal[
    "text", "number", "money", "date", "flag", "link", "choice", "choices", "texts", "object", "objects", "values"
]
Block = Literal["common", "special"]


@dataclass(frozen=True, slots=True)
class CardField:
    """`dictionary` is where the codes of a choice come from. `personal` tells about a person whoever
    the client is; `of_people`: where the client is one. `named` are fields that `ClientCreated`
    has had from the beginning; it holds all others as its details."""

    name: str
    kind: FieldKind
    block: Block
    ru: str
    dictionary: str = ""
    personal: bool = False
    of_people: bool = False
    named: bool = False

    @property
    def empty(self) -> Any:
        return _EMPTY.get(self.kind)


_EMPTY: Mapping[str, Any] = {"text": "", "texts": [], "choices": [], "objects": [], "object": {}, "values": {}}

FIELDS: tuple[CardField, ...] = (
    CardField("name", "text", "common", "Наименование", of_people=True, named=True),
    CardField("full_name", "text", "common", "Полное наименование", of_people=True, named=True),
    CardField("inn", "text", "common", "ИНН", of_people=True, named=True),
    CardField("kpp", "text", "common", "КПП", named=True),
    CardField("ogrn", "text", "common", "ОГРН", of_people=True, named=True),
    CardField("okpo", "text", "common", "ОКПО", of_people=True),
    CardField("registered_on", "date", "common", "Дата регистрации"),
    CardField("roles", "choices", "common", "Кем приходится", dictionary="party_roles"),
    CardField("group", "choice", "common", "Группа контрагентов", dictionary="client_groups"),
    CardField("relation_type", "choice", "common", "Тип отношений", dictionary="relation_types"),
    CardField("contact_person", "text", "common", "Контактное лицо", personal=True, named=True),
    CardField("phones", "objects", "common", "Телефоны", personal=True, named=True),
    CardField("emails", "objects", "common", "E-mail", personal=True, named=True),
    CardField("links", "objects", "common", "Сайты, мессенджеры, соцсети", personal=True),
    CardField("address", "text", "common", "Юридический адрес", of_people=True, named=True),
    CardField("actual_address", "text", "common", "Фактический адрес", of_people=True),
    CardField("region", "text", "common", "Регион"),
    CardField("city", "text", "common", "Город", named=True),
    CardField("district", "text", "common", "Район расположения"),
    CardField("bank_accounts", "objects", "common", "Банковские счета", of_people=True),
    CardField("price_type", "choice", "common", "Вид цен", dictionary="price_types"),
    CardField("default_contract", "text", "common", "Основной договор"),
    CardField("settlement_accounts", "object", "common", "Счета учёта расчётов"),
    CardField("source", "text", "common", "Откуда узнали", named=True),
    CardField("note", "text", "common", "Примечание", personal=True, named=True),
    CardField("industry", "choice", "special", "Отрасль", dictionary="industries"),
    CardField("industry_segment", "text", "special", "Сегмент отрасли"),
    CardField("sales_channel", "choice", "special", "Канал сбыта", dictionary="sales_channels"),
    CardField("business_size", "text", "special", "Размер бизнеса"),
    CardField("goods_use", "text", "special", "Как используется товар"),
    CardField("loyalty", "choice", "special", "Степень лояльности", dictionary="loyalty"),
    CardField("prospects", "choice", "special", "Перспективность", dictionary="prospects"),
    CardField("potential", "money", "special", "Потенциал в год, руб."),
    CardField("interests", "texts", "special", "Интересы", personal=True),
    CardField("needs", "texts", "special", "Дополнительные потребности", personal=True),
    CardField("preferences", "text", "special", "Личные предпочтения", personal=True),
    CardField("seasonality", "text", "special", "Сезонность"),
    CardField("purchase_period_days", "number", "special", "Периодичность покупок, дней"),
    CardField("choice_factors", "choices", "special", "Факторы выбора", dictionary="choice_factors"),
    CardField("portrait", "text", "special", "Портрет клиента", personal=True),
    CardField("mailing_groups", "choices", "special", "Группы рассылки", dictionary="mailing_groups"),
    CardField("custom", "values", "special", "Дополнительные реквизиты", personal=True),
)
BY_NAME: Mapping[str, CardField] = {field.name: field for field in FIELDS}
CARD = tuple(BY_NAME)
NAMED = tuple(field.name for field in FIELDS if field.named)
DETAILS = tuple(field.name for field in FIELDS if not field.named)
DICTIONARY_OF: Mapping[str, str] = {field.name: field.dictionary for field in FIELDS if field.dictionary}

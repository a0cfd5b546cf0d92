"""The dictionary entries that an installation begins with: code, name, code of the entry above."""

from collections.abc import Mapping
from typing import TypeAlias

from services.clients.commands.dictionaries import AddDictionaryEntry

Listed: TypeAlias = tuple[tuple[str, str, str | None], ...]

DEFAULTS: Mapping[str, Listed] = {
    "party_roles": (
        ("buyer", "Покупатель", None),
        ("supplier", "Поставщик", None),
        ("partner", "Партнёр", None),
        ("competitor", "Конкурент", None),
        ("authority", "Государственный орган", None),
        ("landlord", "Арендодатель", None),
    ),
    "client_groups": (
        ("buyers", "Покупатели и заказчики", None),
        ("suppliers", "Поставщики и подрядчики", None),
        ("others", "Прочие", None),
    ),
    "relation_types": (
        ("vip", "Важный клиент (VIP)", None),
        ("regular", "Покупатели", None),
        ("one_off", "Разовый покупатель", None),
    ),
    "price_types": (("retail", "Розничная", None), ("wholesale", "Оптовая", None), ("dealer", "Дилерская", None)),
    "industries": (
        ("publishing", "Издательский бизнес", None),
        ("engineering", "Инжиниринг", None),
        ("online_trade", "Интернет-торговля", None),
        ("it", "Информационные технологии", None),
        ("consulting", "Консалтинг", None),
        ("education", "Обучение", None),
        ("advertising", "Реклама и дизайн", None),
        ("maintenance", "Центры технического обслуживания", None),
        ("transport", "Транспортные услуги", None),
        ("services", "Услуги (сервис)", None),
    ),
    "sales_channels": (
        ("online_shop", "Интернет-магазины", None),
        ("retail", "Розничные магазины", None),
        ("chain", "Сетевые магазины", None),
        ("end_users", "Конечные пользователи", None),
        ("b2c", "Частные лица", "end_users"),
        ("b2g", "Государственные заказчики", "end_users"),
    ),
    "loyalty": (("high", "Высокая", None), ("medium", "Средняя", None), ("low", "Низкая", None)),
    "prospects": (("high", "Высокая", None), ("medium", "Средняя", None), ("low", "Низкая", None)),
    "choice_factors": (
        ("price", "Цена", None),
        ("price_quality", "Соотношение цены и качества", None),
        ("delivery_time", "Доставка в срок", None),
        ("delivery_place", "Доставка в труднодоступное место", None),
        ("assortment", "Ассортимент", None),
        ("shop_access", "Доступность магазина", None),
        ("service_speed", "Скорость обслуживания", None),
        ("easy_order", "Простота заказа", None),
        ("online_order", "Заказ через интернет", None),
        ("courier", "Курьер", None),
        ("payment_way", "Способ оплаты", None),
    ),
    "mailing_groups": (("news", "Новости", None), ("offers", "Предложения", None)),
    "contact_roles": (
        ("director", "Руководитель", None),
        ("accountant", "Бухгалтер", None),
        ("buyer", "Закупки", None),
        ("lawyer", "Юрист", None),
        ("technician", "Технический специалист", None),
        ("other", "Другое", None),
    ),
    "interaction_kinds": (
        ("online", "Онлайн", None),
        ("website", "Сайт, интернет-магазин", "online"),
        ("app", "Мобильное приложение", "online"),
        ("call", "Телефонный звонок", "online"),
        ("video_call", "Видеозвонок", "online"),
        ("email", "Электронное письмо", "online"),
        ("sms", "SMS", "online"),
        ("messenger", "Мессенджер", "online"),
        ("social_network", "Социальная сеть", "online"),
        ("media", "Медийный канал", "online"),
        ("online_other", "Другой онлайн-канал", "online"),
        ("offline", "Офлайн", None),
        ("meeting", "Встреча в офисе", "offline"),
        ("shop_visit", "Посещение магазина", "offline"),
        ("courier", "Курьер", "offline"),
        ("agent", "Агент", "offline"),
        ("letter", "Письмо", "offline"),
        ("printed", "Печатные материалы, презентация", "offline"),
        ("souvenir", "Сувениры", "offline"),
        ("broadcast", "Реклама на ТВ и радио", "offline"),
        ("exhibition", "Выставка, конференция", "offline"),
        ("offline_other", "Другой офлайн-канал", "offline"),
        ("negotiation", "Переговоры", None),
        ("promise", "Обещание", None),
        ("feedback", "Отзыв после сделки", None),
        ("complaint", "Жалоба", None),
    ),
    "interaction_results": (
        ("agreed", "Договорились", None),
        ("call_back", "Связаться позже", None),
        ("not_reached", "Не дозвонились", None),
        ("refused", "Отказ", None),
        ("solved", "Вопрос решён", None),
        ("other", "Другое", None),
    ),
    "complaint_subjects": (
        ("price", "Цена", None),
        ("terms", "Сроки", None),
        ("bureaucracy", "Бюрократия", None),
        ("service", "Обслуживание", None),
        ("quality", "Качество", None),
        ("other", "Другое", None),
    ),
    "consent_purposes": (
        ("contract", "Заключение и исполнение договора", None),
        ("marketing", "Реклама и рассылки", None),
        ("survey", "Опросы и отзывы", None),
        ("calls", "Звонки с предложениями", None),
    ),
    "loss_reasons": (
        ("delisting", "Делистинг", None),
        ("relations", "Испорчены отношения", None),
        ("debtor", "Дебитор", None),
        ("returns", "Проблема с возвратом", None),
        ("other", "Прочее", None),
    ),
    "sections": (
        ("clients", "Клиенты", None),
        ("contacts", "Контактные лица", None),
        ("interactions", "Взаимодействия", None),
        ("tasks", "Задачи", None),
        ("deals", "Сделки", None),
        ("documents", "Документы", None),
        ("campaigns", "Рассылки", None),
        ("reports", "Отчёты", None),
    ),
}


def default_entries() -> list[AddDictionaryEntry]:
    """Each after the one above it."""
    return [AddDictionaryEntry(dictionary, *one) for dictionary, listed in DEFAULTS.items() for one in listed]

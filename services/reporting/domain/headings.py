"""What the columns of exported tables are called. An exported client base can be imported again
by its headings."""

from collections.abc import Mapping

from services.reporting.commands import Language
from services.reporting.domain.export import Export

RU: Mapping[str, str] = {
    "id": "Идентификатор",
    "version": "Версия",
    "address": "Адрес",
    "allocations": "Разнесение",
    "amount": "Сумма",
    "assignee_id": "Исполнитель",
    "author_id": "Автор",
    "basis": "Основание",
    "cancelled": "Отменён",
    "cause": "Причина",
    "changed_at": "Изменён",
    "channel": "Канал",
    "city": "Город",
    "client_id": "Клиент",
    "code": "Код",
    "completed": "Выполнена",
    "contact_person": "Контактное лицо",
    "created_at": "Создан",
    "currency": "Валюта",
    "date": "Дата",
    "deal_id": "Сделка",
    "document_id": "Документ",
    "due_date": "Срок",
    "emails": "E-mail",
    "ended_at": "Завершено",
    "full_name": "Полное наименование",
    "inn": "ИНН",
    "kind": "Вид",
    "kpp": "КПП",
    "lines": "Строки",
    "manager_id": "Менеджер (идентификатор)",
    "name": "Наименование",
    "net": "Без НДС",
    "note": "Примечание",
    "number": "Номер",
    "ogrn": "ОГРН",
    "open": "Остаток",
    "opened_at": "Открыта",
    "organisation_id": "Своя организация",
    "overdue": "Просрочен",
    "paid": "Оплачено",
    "pdf": "PDF (хеш)",
    "pdf_size": "PDF (размер)",
    "phones": "Телефон",
    "pipeline": "Воронка",
    "planned_at": "Запланировано",
    "purpose": "Назначение",
    "reason": "Причина отказа",
    "result": "Результат",
    "source": "Источник",
    "stage": "Стадия",
    "stage_since": "На стадии с",
    "state": "Состояние",
    "template": "Шаблон",
    "title": "Название",
    "total": "Итого",
    "unallocated": "Не разнесено",
    "vat": "НДС",
    "verified": "Проверен",
}
STAMP: Mapping[Language, str] = {"ru": "Выгрузка", "en": "Export"}
TITLES: Mapping[str, str] = {
    "clients": "Клиенты",
    "deals": "Сделки",
    "documents": "Документы",
    "messages": "Сообщения",
    "payments": "Платежи",
    "tasks": "Задачи",
}


def heading(name: str, language: Language) -> str:
    """A field that has no Russian heading goes under its own name."""
    return RU.get(name, name) if language == "ru" else name


def title(resource: str, language: Language) -> str:
    return TITLES[resource] if language == "ru" else resource.capitalize()


def about(export: Export, requester: str, taken: str) -> tuple[tuple[str, str], ...]:
    """Who took what, when, and how it was asked for, line by line."""
    ru = export.language == "ru"
    asked = "; ".join(f"{name}: {value}" for name, value in export.asked.items())
    return (
        ("Кто выгрузил" if ru else "Exported by", requester),
        ("Идентификатор пользователя" if ru else "User id", export.requested_by),
        ("Когда" if ru else "When", taken),
        ("Выгрузка" if ru else "Export", export.id),
        ("Что" if ru else "What", title(export.resource, export.language)),
        ("Отбор" if ru else "Asked for", asked),
        ("Строк" if ru else "Rows", str(export.rows)),
    )

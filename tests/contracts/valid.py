"""For every command of every service, arguments that its schema accepts."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from gateway.roles import ROW_RESOURCES

BANK = {
    "name": "ООО КБ «Северный Тестовый Банк»",
    "bic": "044525971",
    "account": "40702810700010007699",
    "corr_account": "30101810000000000971",
    "city": "г. Москва",
}
REQUISITES: Mapping[str, Any] = {
    "kind": "legal_entity",
    "name": "ООО «Салон Петра Семёновича»",
    "full_name": "Общество с ограниченной ответственностью «Салон Петра Семёновича»",
    "inn": "7699990013",
    "kpp": "769901001",
    "ogrn": "1087699990014",
    "address": "150000, Ярославская область, г. Ярославль, ул. Образцовая, д. 5",
    "phone": "+7 (4852) 00-00-01",
    "email": "salon@salon-ps.example",
    "head_position": "Генеральный директор",
    "head": "Воронин Пётр Семёнович",
    "accountant": "Громова Ирина Павловна",
    "tax_regime": "osno",
    "bank": BANK,
    "prefix": "МС",
}
CARD: Mapping[str, Any] = {
    "name": "ООО «Ромашка»",
    "full_name": "Общество с ограниченной ответственностью «Ромашка»",
    "inn": "7799101370",
    "kpp": "779901001",
    "ogrn": "1187799000014",
    "phones": ["8 (495) 123-45-67"],
    "emails": ["info@romashka.example"],
    "contact_person": "Кравцов Илья Никитич",
    "address": "г. Москва, ул. Примерная, д. 1",
    "city": "Москва",
    "source": "Выставка",
    "note": "звонить до 18-00\nкроме субботы",
    "allow_duplicate": False,
    "accept_unverified": False,
}
CHOSEN: Mapping[str, Any] = {"client_ids": ["c-1"], "filter": 'city = "Тверь"', "q": "ромашка"}
LINE: Mapping[str, Any] = {
    "name": "Стол переговорный",
    "quantity": "2",
    "price": "48900.00",
    "unit": "шт",
    "price_includes_vat": True,
    "vat_rate": None,
}
DEAL: Mapping[str, Any] = {
    "title": "Мебель для переговорной",
    "lines": [LINE],
    "organisation_id": "o-1",
    "manager_id": "u-1",
    "source": "Рекомендация",
}
WEBHOOK: Mapping[str, Any] = {
    "url": "https://hooks.romashka.example/reestr?token=sesame",
    "types": ["DealWon"],
    "sources": ["/reestr/deals"],
    "subjects": ["d-1"],
    "description": "обмен со складом",
}
ROLE: Mapping[str, Any] = {
    "name": "Ночной оператор",
    "permissions": ["clients.read"],
    "rows": dict.fromkeys(ROW_RESOURCES, "team"),
    "masked": ["phone"],
}

VALID: Mapping[str, Mapping[str, Any]] = {
    "create_client": {**CARD, "kind": "legal_entity", "manager_id": None},
    "change_client": {**CARD, "client_id": "c-1"},
    "assign_client": {"client_id": "c-1", "manager_id": None},
    "assign_task": {
        "title": "Позвонить",
        "due_date": "2026-12-01",
        "assignee_id": None,
        "client_id": None,
        "document_id": None,
    },
    "complete_task": {"task_id": "t-1", "result": "дозвонились"},
    "start_import": {
        "content": b64encode("Наименование\nООО «Ромашка»\n".encode()).decode(),
        "file_name": "clients.csv",
        "columns": {"Наименование": "name"},
    },
    "edit_clients": {**CHOSEN, "city": "Тверь", "source": "Сайт"},
    "assign_clients": {**CHOSEN, "manager_id": "u-1"},
    "stop_operation": {"operation_id": "o-1"},
    "resume_operation": {"operation_id": "o-1"},
    "revert_operation": {"operation_id": "o-1"},
    "request_export": {
        "resource": "clients",
        "format": "csv",
        "language": "ru",
        "filter": 'city = "Тверь"',
        "q": "Кравцов",
        "sort": "-name",
        "fields": ["name"],
    },
    "stop_export": {"export_id": "e-1"},
    "resume_export": {"export_id": "e-1"},
    "download_export": {"export_id": "e-1"},
    "expire_export": {"export_id": "e-1"},
    "open_deal": {**DEAL, "client_id": "c-1", "currency": "RUB", "pipeline": "default"},
    "change_deal": {**DEAL, "deal_id": "d-1"},
    "change_deal_stage": {"deal_id": "d-1", "stage": "lost", "reason": "дорого"},
    "create_organisation": REQUISITES,
    "change_organisation": {**REQUISITES, "organisation_id": "o-1"},
    "create_document": {
        "kind": "invoice",
        "deal_id": "d-1",
        "date": "2026-03-02",
        "due_date": "2026-03-12",
        "organisation_id": None,
        "lines": [LINE],
    },
    "issue_document": {"document_id": "i-1"},
    "cancel_document": {"document_id": "i-1", "reason": "Заказ отменён"},
    "cancel_payment": {"payment_id": "p-1", "reason": "Ошибка банка"},
    "mark_payment_overdue": {"document_id": "i-1", "today": "2026-04-01"},
    "register_payment": {
        "client_id": "c-1",
        "date": "2026-03-20",
        "amount": "100.00",
        "purpose": "Оплата по счёту",
        "allocations": [{"document_id": "i-1", "amount": "100.00"}],
        "currency": "RUB",
        "organisation_id": None,
    },
    "prepare_reconciliation": {
        "client_id": "c-1",
        "organisation_id": "o-1",
        "date_from": "2026-01-01",
        "date_to": "2026-03-31",
        "currency": "RUB",
    },
    "create_webhook": {**WEBHOOK, "start": "now"},
    "change_webhook": {**WEBHOOK, "webhook_id": "w-1"},
    "cancel_webhook": {"webhook_id": "w-1"},
    "pause_webhook": {"webhook_id": "w-1"},
    "resume_webhook": {"webhook_id": "w-1"},
    "rotate_webhook_secret": {"webhook_id": "w-1"},
    "replay_webhook": {
        "webhook_id": "w-1",
        "since": "2026-03-02T00:00:00Z",
        "until": "2026-03-03T00:00:00Z",
        "source": "/reestr/deals",
        "after_position": 5,
        "until_position": 9,
    },
    "ping_webhook": {"webhook_id": "w-1"},
    "create_user": {"name": "Петров Алексей Ильич", "email": "petrov@salon-ps.example", "role": "auditor"},
    "change_user_role": {"user_id": "u-1", "role": "clerk"},
    "deactivate_user": {"user_id": "u-1"},
    "invite_user": {"user_id": "u-1"},
    "accept_invitation": {"token": "ri_u-1_token", "password": "снег идёт с утра"},
    "change_password": {"current_password": "снег идёт с утра", "new_password": "дождь идёт с утра"},
    "begin_session": {"email": "petrov@salon-ps.example", "password": "снег идёт с утра", "address": "192.0.2.7"},
    "end_session": {"session_id": "s-1"},
    "create_api_key": {
        "user_id": "u-1",
        "name": "обмен с сайтом",
        "scopes": ["clients.read"],
        "expires_at": "2099-01-01T00:00:00Z",
    },
    "rotate_api_key": {"key_id": "k-1"},
    "revoke_api_key": {"key_id": "k-1"},
    "add_subscriber": {"name": "warehouse", "topics": ["clients.ClientCreated"]},
    "remove_subscriber": {"name": "warehouse"},
    "create_role": {"id": "night_clerk", **ROLE},
    "change_role": {"role_id": "night_clerk", **ROLE},
    "begin_bulk": {
        "items": [
            {"method": "PATCH", "path": "/v1/clients/c-1", "body": {"city": "Тверь"}, "if_match": 1},
        ]
    },
    "create_team": {"name": "Салон на Образцовой", "members": ["u-1"]},
    "change_team": {"team_id": "t-1", "name": "Салон на Образцовой", "members": ["u-1"]},
}

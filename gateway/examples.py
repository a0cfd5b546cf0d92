"""An example of the body of each operation that takes one, as it stands in the OpenAPI description."""

from collections.abc import Mapping
from typing import Any

_LINE = {"name": "Стол переговорный", "quantity": "2", "price": "48900.00", "unit": "шт"}
_REQUISITES = {
    "kind": "legal_entity",
    "name": "ООО «Салон Петра Семёновича»",
    "full_name": "Общество с ограниченной ответственностью «Салон Петра Семёновича»",
    "inn": "7699990013",
    "kpp": "769901001",
    "address": "150000, Ярославская область, г. Ярославль, ул. Образцовая, д. 5",
    "tax_regime": "osno",
    "bank": {
        "name": "ООО КБ «Северный Тестовый Банк»",
        "bic": "044525971",
        "account": "40702810700010007699",
        "corr_account": "30101810000000000971",
    },
}
_ROLE = {"name": "Стажёр", "permissions": ["clients.read", "deals.read"], "rows": {"clients": "own", "deals": "own"}}
_TEAM = {"name": "Отдел продаж", "members": ["<user_id>"]}

_MEETING = {"kind": "meeting", "starts_at": "2026-03-02T10:00:00+03:00", "subject": "Мебель"}

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "create_client": {"kind": "legal_entity", "name": "ООО «Ромашка»", "phones": ["+7 495 123-45-67"], "city": "Тверь"},
    "change_client": {"city": "Кострома"},
    "edit_clients": {"filter": 'city = "Тверь" AND manager_id = null', "source": "Выставка 2026"},
    "assign_clients": {"client_ids": ["<client_id>", "<client_id>"], "manager_id": "<user_id>"},
    "export_clients": {"format": "xlsx", "filter": 'city = "Тверь"', "sort": "name", "fields": ["name", "phones"]},
    "export_contacts": {"format": "xlsx", "filter": "birthday != null"},
    "export_interactions": {"format": "xlsx", "filter": "open_complaint = true"},
    "export_deals": {"format": "csv", "filter": 'stage = "won"'},
    "export_documents": {"format": "xlsx", "filter": "overdue = true"},
    "export_messages": {"format": "csv", "filter": 'state = "failed"'},
    "export_payments": {"format": "csv", "filter": "date >= 2026-01-01"},
    "export_tasks": {"format": "csv", "filter": "completed = false"},
    "assign_client": {"manager_id": "<user_id>"},
    "bulk": {
        "items": [
            {"method": "POST", "path": "/v1/clients", "body": {"kind": "individual", "name": "Кравцов Илья"}},
            {"method": "PATCH", "path": "/v1/clients/<client_id>", "body": {"city": "Кострома"}, "if_match": 3},
        ]
    },
    "check_client": {},
    "merge_clients": {"merged_id": "<client_id>", "choices": {"name": "kept", "note": "both"}},
    "unmerge_clients": {"merged_id": "<client_id>"},
    "create_contact": {
        "name": "Кравцов Илья Никитич",
        "phones": [{"written": "+7 916 123-45-67", "kind": "mobile"}],
        "link": {"client_id": "<client_id>", "role": "director", "decision_maker": True},
    },
    "change_contact": {"preferred_channel": "telegram"},
    "link_contact": {"client_id": "<client_id>", "role": "buyer", "since": "2026-03-02"},
    "unlink_contact": {"client_id": "<client_id>", "until": "2026-03-01"},
    "plan_interaction": {"client_id": "<client_id>", **_MEETING},
    "record_interaction": {"client_id": "<client_id>", **_MEETING, "result": "agreed", "satisfaction": 5},
    "change_interaction": {"starts_at": "2026-03-03T10:00:00+03:00"},
    "complete_interaction": {"result": "agreed", "agreements": "прислать счёт"},
    "cancel_interaction": {"reason": "Клиент перенёс"},
    "resolve_complaint": {"resolution": "Стол заменён"},
    "give_consent": {
        "what": "client",
        "person": "<client_id>",
        "purpose": "marketing",
        "channel": "email",
        "text_version": "2026-01",
        "source": "форма на сайте",
        "given_at": "2026-03-02T10:00:00+03:00",
    },
    "revoke_consent": {"source": "ссылка в письме"},
    "capture_lead": {
        "source": "search_ads",
        "action": "call",
        "name": "Лосева Мария",
        "phones": ["8 916 123-45-68"],
        "wants": "кухня из дуба",
        "utm": {"campaign": "весна"},
        "consents": [
            {
                "purpose": "marketing",
                "channel": "email",
                "text_version": "2026-01",
                "given_at": "2026-03-02T10:00:00+03:00",
            }
        ],
    },
    "assign_lead": {"assignee_id": "<user_id>"},
    "reject_lead": {"reason": "not_interested"},
    "convert_lead": {"client": {"kind": "individual", "city": "Тверь"}, "deal_title": "Кухня из дуба"},
    "add_lead_rule": {"id": "default", "assignees": ["<user_id>"], "contact_minutes": 30},
    "change_lead_rule": {"contact_minutes": 15},
    "erase_lead": {"reason": "Требование субъекта персональных данных"},
    "erase_client": {"reason": "Требование субъекта персональных данных"},
    "erase_contact": {"reason": "Требование субъекта персональных данных"},
    "add_dictionary_entry": {"dictionary": "industries", "code": "furniture", "name": "Мебель"},
    "change_dictionary_entry": {"name": "ИТ и связь"},
    "add_client_field": {"code": "employees", "label": "Количество сотрудников", "kind": "number"},
    "change_client_field": {"label": "Сфера деятельности"},
    "assign_task": {"title": "Позвонить", "due_date": "2026-12-01", "client_id": "<client_id>"},
    "change_task": {"due_at": "2026-12-01T15:00:00+03:00", "remind_minutes": [60], "repeat": {"every": "month"}},
    "cancel_task": {"reason": "Не нужно"},
    "complete_task": {"result": "дозвонились"},
    "open_deal": {"client_id": "<client_id>", "title": "Мебель для переговорной", "lines": [_LINE]},
    "change_deal": {"title": "Мебель для кабинета"},
    "change_deal_stage": {"stage": "offer", "reason": "замер сделан"},
    "create_organisation": _REQUISITES,
    "change_organisation": _REQUISITES,
    "create_document": {"kind": "invoice", "deal_id": "<deal_id>", "date": "2026-03-02", "due_date": "2026-03-12"},
    "cancel_document": {"reason": "Заказ отменён"},
    "register_payment": {
        "client_id": "<client_id>",
        "date": "2026-03-20",
        "amount": "97800.00",
        "purpose": "Оплата по счёту № МС1",
        "allocations": [{"document_id": "<document_id>", "amount": "97800.00"}],
    },
    "cancel_payment": {"reason": "Ошибка банка"},
    "create_webhook": {"url": "https://hooks.romashka.example/reestr", "types": ["DealWon"], "start": "now"},
    "change_webhook": {"types": ["DealWon", "DealLost"]},
    "replay_webhook": {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"},
    "create_user": {"name": "Белова Анна Игоревна", "email": "belova@salon-ps.example", "role": "sales_manager"},
    "change_user_role": {"role": "head_of_sales"},
    "accept_invitation": {"token": "<token>", "password": "конь батарея скрепка"},
    "change_password": {"current_password": "конь батарея скрепка", "new_password": "скрепка конь батарея"},
    "begin_session": {"email": "belova@salon-ps.example", "password": "конь батарея скрепка"},
    "create_api_key": {"user_id": "<user_id>", "name": "обмен с сайтом", "scopes": ["clients.read"]},
    "create_role": {"id": "trainee", **_ROLE},
    "change_role": _ROLE,
    "create_team": _TEAM,
    "change_team": _TEAM,
}

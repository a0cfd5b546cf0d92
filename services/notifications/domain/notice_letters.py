"""Letters to users: from facts to a subject and a text."""

from collections.abc import Callable, Mapping
from typing import Any

from services.notifications.domain.letters import Letter
from services.notifications.domain.notice import Notice

WHAT = {
    "clients": "клиенты",
    "contacts": "контактные лица",
    "deals": "сделки",
    "documents": "документы",
    "interactions": "взаимодействия",
    "messages": "сообщения",
    "payments": "платежи",
    "tasks": "задачи",
}
WHY = {
    "not-confirmed": "адрес не подтвердил согласие получать события",
    "failing": "адрес слишком долго не принимает события",
    "gone": "адрес ответил, что его больше нет (410)",
    "owner-role-changed": "изменились ваши права",
}


def export_completed(notice: Notice) -> Letter:
    """Tells a head who has taken what, while something can still be done about it."""
    facts = notice.facts
    what = WHAT[facts["resource"]]
    return Letter(
        f"Выгрузка данных: {what}, строк: {facts['rows']}",
        _letter(
            notice,
            f"{notice.about or facts['requested_by']} выгружает данные из системы: {what}.",
            f"Строк: {facts['rows']}, формат: {facts['format']}, файл готов {facts['at']}.",
            f"Выгрузка {facts['export_id']}, пользователь {facts['requested_by']}.",
            "",
            "Если вы этого не ожидали, отключите пользователя: файл после этого не скачать.",
            f"Что было отобрано и скачан ли файл: GET /v1/exports/{facts['export_id']}/history",
        ),
    )


def webhook_paused(notice: Notice) -> Letter:
    facts = notice.facts
    return Letter(
        "Вебхук приостановлен",
        _letter(
            notice,
            f"Вебхук {facts['webhook_id']} приостановлен: {WHY[facts['reason']]}.",
            "События не отправляются, но и не теряются: после возобновления придёт всё, что накопилось.",
            f"Возобновить: POST /v1/webhooks/{facts['webhook_id']}/resume",
        ),
    )


def task_reminder(notice: Notice) -> Letter:
    what = notice.about or f"задача {notice.facts['task_id']}"
    return Letter(
        f"Напоминание: {what}",
        _letter(
            notice,
            f"Напоминаем о задаче: {what}.",
            f"Срок: {notice.facts['due']}.",
            f"Задача: GET /v1/tasks/{notice.facts['task_id']}",
        ),
    )


def _letter(notice: Notice, *lines: str) -> str:
    greeting = f"Добрый день, {notice.recipient}!" if notice.recipient else "Добрый день!"
    return "\n".join((greeting, "", *lines, "", "Reestr"))


NOTICES: Mapping[str, Callable[[Notice], Letter]] = {
    "export_completed": export_completed,
    "task_reminder": task_reminder,
    "webhook_paused": webhook_paused,
}


def noticed(facts: Mapping[str, Any]) -> bool:
    """Whether the owner of a paused webhook is to be told: not of what he did himself."""
    return facts["reason"] in WHY

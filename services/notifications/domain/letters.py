"""The letters: from facts to a subject and a text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.kernel.money import format_amount


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str


def _day(iso: str) -> str:
    return date.fromisoformat(iso).strftime("%d.%m.%Y")


def payment_overdue(recipient: str, facts: Mapping[str, Any]) -> Letter:
    """A reminder of an unpaid invoice: basis, sum, term and how to pay; no promotion in it."""
    amount = format_amount(Decimal(facts["amount"]))
    basis = f"Основание: счёт на оплату № {facts['number']} от {_day(facts['date'])}."
    return Letter(
        f"Напоминание об оплате счёта № {facts['number']}",
        "\n".join(
            (
                f"Добрый день, {recipient}!",
                "",
                f"Срок оплаты счёта № {facts['number']} истёк {_day(facts['due_date'])}.",
                basis,
                f"Сумма задолженности: {amount} руб.",
                "",
                "Счёт с реквизитами и QR-кодом для оплаты и акт сверки взаимных расчётов приложены.",
                "Если оплата уже отправлена, сообщите нам, пожалуйста, номер и дату платёжного поручения.",
                "",
                "С уважением,",
                facts["organisation"],
            )
        ),
    )


LETTERS: Mapping[str, Callable[[str, Mapping[str, Any]], Letter]] = {"payment_overdue": payment_overdue}

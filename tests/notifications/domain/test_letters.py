from services.notifications.domain.letters import LETTERS, payment_overdue

FACTS = {
    "number": "МС12",
    "date": "2026-03-02",
    "due_date": "2026-03-12",
    "amount": "122653.34",
    "organisation": "ООО «Салон»",
}


def test_a_reminder_names_basis_sum_term_and_what_is_attached():
    letter = payment_overdue("Илья Никитич", FACTS)
    assert letter.subject == "Напоминание об оплате счёта № МС12"
    assert letter.text.startswith("Добрый день, Илья Никитич!")
    assert "счёт на оплату № МС12 от 02.03.2026" in letter.text
    assert "истёк 12.03.2026" in letter.text
    assert "122\u00a0653,34 руб." in letter.text
    assert "акт сверки" in letter.text
    assert letter.text.endswith("ООО «Салон»")


def test_every_template_by_its_name():
    assert {"payment_overdue": payment_overdue} == LETTERS

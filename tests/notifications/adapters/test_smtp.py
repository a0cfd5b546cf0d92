import smtplib
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from services.notifications.adapters.smtp import AddressRefused, File, PerhapsSent, compose, send

SENDER = Address("ООО «Салон»", addr_spec="salon@salon-ps.example")


def letter(to: str = "client@romashka.example", **fields: object) -> EmailMessage:
    files = [
        File("Счёт № МС12.pdf", "application/pdf", b"%PDF-1"),
        File("Акт сверки.pdf", "application/pdf", b"%PDF-2"),
    ]
    return compose(SENDER, to, "Напоминание об оплате счёта № МС12", "Добрый день!\nСумма: 5 ₽", "m-1", files)


def test_a_letter_arrives_as_it_was_composed(post):
    send(post.url, letter())
    [arrived] = post.letters
    assert arrived["From"] == "ООО «Салон» <salon@salon-ps.example>"
    assert arrived["To"] == "client@romashka.example"
    assert arrived["Subject"] == "Напоминание об оплате счёта № МС12"
    assert arrived["Message-ID"] == "<m-1@salon-ps.example>"
    assert arrived["Date"]
    body = arrived.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Добрый день!", "Сумма: 5 ₽"]
    assert [(a.get_filename(), a.get_content_type(), a.get_content()) for a in arrived.iter_attachments()] == [
        ("Счёт № МС12.pdf", "application/pdf", b"%PDF-1"),
        ("Акт сверки.pdf", "application/pdf", b"%PDF-2"),
    ]


@pytest.mark.parametrize("answer", ["550 no such user", "553 not allowed", "554 refused"])
def test_an_address_refused_for_good_is_told_from_other_trouble(post, answer):
    post.on_recipient = answer
    with pytest.raises(AddressRefused):
        send(post.url, letter())


@pytest.mark.parametrize(("on_recipient", "on_letter"), [("451 later", ""), ("", "451 later"), ("", "554 spam")])
def test_a_letter_that_was_not_taken_was_not_sent(post, on_recipient, on_letter):
    post.on_recipient, post.on_letter = on_recipient, on_letter
    with pytest.raises(OSError) as refused:
        send(post.url, letter())
    assert isinstance(refused.value, smtplib.SMTPResponseException)


def test_a_connection_lost_after_the_letter_leaves_it_in_doubt(post):
    post.hang_up = True
    with pytest.raises(PerhapsSent):
        send(post.url, letter())
    assert len(post.letters) == 1


def test_a_server_that_is_not_there_was_sent_nothing():
    with pytest.raises(OSError):
        send("smtp://127.0.0.1:1", letter())

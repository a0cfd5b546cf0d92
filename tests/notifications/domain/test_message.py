from services.notifications.domain.message import ClientMessage, Event, evolve, message_failed, message_sent
from services.notifications.events import Attachment, MessageFailed, MessagePlanned, MessageSent

FILES = (Attachment("documents", "hash", "Счёт № 1.pdf", "application/pdf", 5),)
PLANNED = MessagePlanned("m-1", "c-1", "email", "payment_overdue", "i-1", {"number": "1"}, FILES, "a@b.example", "Илья")


def message(*events: Event) -> ClientMessage:
    state = evolve(None, PLANNED)
    for event in events:
        state = evolve(state, event)
    return state


def test_a_planned_message_keeps_all_it_is_made_of():
    assert message() == ClientMessage(
        "m-1", "c-1", "email", "payment_overdue", "i-1", {"number": "1"}, FILES, "a@b.example", "Илья"
    )


def test_a_message_is_sent_once():
    [sent] = message_sent(message(), 1)
    assert sent == MessageSent("m-1", "c-1", "email", "payment_overdue", "i-1", 1)
    assert message(sent).state == "sent"
    assert message_sent(message(sent), 2) == []


def test_a_message_fails_once_and_not_after_it_was_sent():
    [failed] = message_failed(message(), "address-refused")
    assert failed == MessageFailed("m-1", "c-1", "email", "payment_overdue", "i-1", "address-refused")
    assert message(failed).state == "failed"
    assert message_failed(message(failed), "gave-up") == []
    [sent] = message_sent(message(), 1)
    assert message_failed(message(sent), "gave-up") == []


def test_a_failed_message_that_went_out_after_all_is_sent():
    [failed] = message_failed(message(), "gave-up")
    assert message_sent(message(failed), 2)

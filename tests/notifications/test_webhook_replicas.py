"""Several replicas on one PostgreSQL: one of them delivers."""

from contextlib import ExitStack

import pytest

from services.notifications.domain import webhook as domain
from services.notifications.reactions.webhooks import deliverer
from services.notifications.reactions.webhooks.book import Book, Overtaken
from tests.notifications.hooks import Hooks, in_order, numbered
from tests.notifications.receiver import Receiver
from tests.system import System, eventually

ALL = list(range(1, 101))


@pytest.fixture
def replicas(postgres, tmp_path, _quick_to_stop, monkeypatch):
    """Two of them on the same databases."""
    monkeypatch.setattr(deliverer, "LOOK_EVERY", 0.05)
    with ExitStack() as stack:
        urls = {name: stack.enter_context(postgres.new_database()) for name in ("notifications", "keyring")}
        both = [Hooks(System(tmp_path, urls.__getitem__, ["notifications"])) for _ in range(2)]
        yield both
        for hooks in both:
            hooks.system.close()


def test_one_delivers_and_when_it_leaves_the_other_goes_on(replicas):
    one, two = replicas
    receiver = Receiver()
    hook = one.create(receiver)
    one.hear(numbered(ALL[:50]))
    one.reached(hook, 50)
    two.hear(numbered(ALL[50:70]))
    one.reached(hook, 70)
    leading = [hooks for hooks in replicas if hooks.deliverer._lanes]
    assert len(leading) == 1
    leading[0].deliverer.stop()
    one.hear(numbered(ALL[70:]))
    eventually(lambda: sorted(receiver.numbers()) == ALL, 30)
    receiver.die()
    assert len(receiver.taken) == len(ALL)
    assert in_order(receiver.numbers())


def test_a_cursor_that_another_has_moved_is_not_moved_back(replicas):
    one, _ = replicas
    book = Book(one.runtime.store.database)
    webhook = domain.Webhook("w-1", "u-1", (), (), (), (), "", {"deals": 5}, "https://a.example/", "whsec_")
    first, second = book.open(webhook), book.open(webhook)
    moved = book.save(first)
    with pytest.raises(Overtaken):
        book.save(second)
    assert book.open(webhook) == moved

"""A deliverer killed between a delivery and the move of its cursor."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from services.notifications.reactions.webhooks.course import BATCH
from tests.notifications.hooks import SOURCE, in_order, numbered, running
from tests.notifications.receiver import Receiver
from tests.system import eventually, sqlite_urls

ALL = list(range(1, 301))
PATIENCE = 60


def deliverer(folder, crash_at=""):
    command = [sys.executable, "-W", "ignore", "-m", "tests.notifications.deliver", str(folder), str(PATIENCE)]
    return subprocess.Popen(command, env=os.environ | {"REESTR_CRASH_AT": crash_at})


@pytest.mark.usefixtures("_quick_to_stop")
def test_what_was_sent_and_not_noted_comes_again_with_the_same_id_and_nothing_is_lost(tmp_path):
    receiver = Receiver()
    with running(tmp_path, sqlite_urls(tmp_path)) as hooks:
        hook = hooks.create(receiver)
        hooks.deliverer.stop()
        hooks.hear(numbered(ALL))
    for crash_at in ("webhook.delivered", "webhook.delivered:2"):
        assert deliverer(tmp_path, crash_at).wait(PATIENCE) == -9
    before = len(receiver.taken)
    last = deliverer(tmp_path)
    try:
        eventually(lambda: sorted(receiver.numbers()) == ALL, PATIENCE)
    finally:
        last.kill()
        last.wait()
    receiver.die()
    ids = Counter(request.headers["webhook-id"] for request in receiver.taken)
    assert ids.keys() == {f"{SOURCE}-{number}" for number in ALL}
    assert {f"{SOURCE}-{number}" for number, times in ids.items() if times > 1} != set()
    assert sum(ids.values()) - len(ALL) <= 2 * BATCH
    assert before >= BATCH
    assert in_order(receiver.numbers())
    for request in receiver.taken:
        request.verify(hook["secret"])

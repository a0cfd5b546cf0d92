"""Killed between begin and outcome: every effect is accounted for, and none repeated blindly."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.kernel.reactions import desk
from tests.kernel.reactions.desk import Notes
from tests.kernel.reactions.world import Office, eventually

KILLS = ("effect.begun", "effect.done:5", "effect.begun:11", "effect.done:17")


def run_until_killed(urls: tuple[str, str], notes: Notes, prefix: str, point: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.kernel.reactions.desk", *urls, str(notes.path), prefix]
    env = os.environ | {"REESTR_CRASH_AT": point}
    done = subprocess.run(command, env=env, timeout=60, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


@pytest.fixture
def killed(urls: tuple[str, str], tmp_path: Path) -> Notes:
    """What was done outside by processes that were killed one after the other."""
    notes = Notes(tmp_path / "notes")
    for number, point in enumerate(KILLS):
        run_until_killed(urls, notes, f"{number}-", point)
    return notes


def test_after_kills_every_effect_ends_by_its_own_rule(killed: Notes, urls, open_office):
    office: Office = open_office()
    reactions = office.start(desk.effects(killed), [desk.REACTION])
    eventually(
        lambda: {e.effect for e in reactions.standing()} == {e[0] for e in office.open().values()} or over(office), 30
    )
    eventually(lambda: over(office), 30)
    office.check_table()
    orders = {e.event.title for e in office.store.read_after(0, 100_000) if e.type == "OrderPlaced"}
    left = {
        (e.effect, office.store.read_stream(f"effect:{e.id}")[0].event.arguments["order_id"])
        for e in reactions.standing()
    }
    assert {rule for rule, _ in left} <= {"leave"}

    unknown = [e for e in office.store.read_after(0, 100_000) if e.type == "EffectUnknown"]
    assert len(unknown) >= len(KILLS)

    once = Counter(killed.of("leave"))
    assert max(once.values()) == 1
    assert orders == set(once) | {order_id for _, order_id in left}
    assert Counter(killed.of("ask")) == Counter(orders)
    repeated = Counter(killed.of("repeat"))
    assert set(repeated) == orders
    assert sum(repeated.values()) <= len(orders) + 4 * len(KILLS)


def over(office: Office) -> bool:
    """Nothing is left that would be taken up by itself, and every order was planned for."""
    orders = sum(e.type == "OrderPlaced" for e in office.store.read_after(0, 100_000))
    plans = sum(e.type == "EffectPlanned" for e in office.store.read_after(0, 100_000))
    return plans == len(desk.RULES) * orders and not any(due for _stage, due in office.open().values())

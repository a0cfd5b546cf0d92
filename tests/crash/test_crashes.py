"""Processes killed at named points under load; afterwards the history must be whole."""

import shutil
import time

import pytest

from tests.crash.world import World, wait_until

pytestmark = pytest.mark.timeout(240)
NOTES = 120


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def store_urls(request, tmp_path):
    if request.param == "sqlite":
        for name in ("alpha", "beta"):
            (tmp_path / name).mkdir()
        yield {name: f"sqlite:///{tmp_path}/{name}/events.db" for name in ("alpha", "beta")}
        return
    new_database = request.getfixturevalue("new_database")
    with new_database() as alpha, new_database() as beta:
        yield {"alpha": alpha, "beta": beta}


@pytest.fixture
def world(tmp_path, vhost, store_urls):
    world = World(tmp_path, vhost.url, store_urls)
    try:
        yield world
    finally:
        world.stop()


@pytest.mark.parametrize(
    ("process", "point"),
    [
        ("alpha", "relay.before_publish:3"),
        ("alpha", "relay.confirmed:3"),
        ("beta", "consumer.before_ack:3"),
        ("beta", "effect.begun:3"),
        ("beta", "effect.done:3"),
    ],
)
def test_a_process_killed_at_a_named_point_loses_and_repeats_nothing(world, process, point):
    world.alpha.start(point if process == "alpha" else "")
    world.beta.start(point if process == "beta" else "")
    load = world.load(0, NOTES)
    victim = getattr(world, process)
    victim.wait_killed()
    victim.start()
    load.finish()
    world.check(load)


def test_services_killed_at_random_under_load_lose_and_repeat_nothing(world):
    world.start()
    load = world.load(0, NOTES)
    for victim in (world.alpha, world.beta, world.alpha):
        time.sleep(1.0)
        victim.kill()
        victim.start()
    load.finish()
    world.check(load)


class TestWithABrokerOfItsOwn:
    @pytest.fixture
    def world(self, tmp_path, own_broker):
        own_broker.ensure()
        for name in ("alpha", "beta"):
            (tmp_path / name).mkdir()
        urls = {name: f"sqlite:///{tmp_path}/{name}/events.db" for name in ("alpha", "beta")}
        world = World(tmp_path, own_broker.url, urls)
        try:
            yield world
        finally:
            world.stop()

    def test_a_broker_stopped_in_the_middle_delays_and_loses_nothing(self, world, own_broker):
        world.start()
        load = world.load(0, NOTES)
        load.wait_for(20)
        own_broker.stop()
        time.sleep(2)
        own_broker.ensure()
        load.finish(meanwhile=world.revive)
        world.check(load)

    def test_a_broker_wiped_after_the_last_confirm_of_a_quiet_hour_loses_nothing(self, world, own_broker):
        world.start()
        world.beta.kill()
        quiet = world.load(0, 30)
        quiet.finish()
        head = world.call("alpha", "status", {})["head"]
        wait_until("all to be confirmed", lambda: world.call("alpha", "status", {})["relay"]["position"] == head)
        own_broker.kill()
        own_broker.wipe()
        own_broker.ensure()
        world.beta.start()
        world.wait_ready()
        world.check(quiet)

    def test_a_reader_ahead_of_a_restored_source_stops_and_says_so(self, world):
        world.start()
        world.load(0, 20).finish()
        wait_until("beta to hear all", lambda: len(world.call("beta", "all_heard", {})) == 20)
        world.alpha.popen.terminate()
        world.alpha.popen.wait(20)
        folder, kept = world.folder / "alpha", world.folder / "kept"
        shutil.copytree(folder, kept)
        world.alpha.start()
        world.wait_ready()
        world.load(20, 20).finish()
        wait_until("beta to hear more", lambda: len(world.call("beta", "all_heard", {})) == 40)
        world.alpha.kill()
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        world.alpha.start()
        world.wait_ready()
        stopped = wait_until("beta to stop", lambda: world.call("beta", "status", {})["sources"]["alpha"]["stopped"])
        assert "SourceBehind" in stopped
        assert len(world.call("beta", "all_heard", {})) == 40

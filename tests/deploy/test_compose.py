"""The compose installation of a new operator: from nothing to a story, and through its accidents."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any, Self

import pytest
import requests

from examples.furniture.api import Api, Refused
from tests.deploy.installation import SERVERS, SERVICES, Installation, missing
from tests.servers.fixtures import require

pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]

ONE_SHOTS = ("secrets", "databases")


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    if shutil.which("docker") is None:
        pytest.skip("there is no docker on this machine")
    require(missing())
    made = Installation()
    try:
        made.up()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def api(installation: Installation) -> Api:
    return installation.api()


class Writer:
    """Creates clients one after the other, and remembers what was acknowledged."""

    def __init__(self, api: Api, name: str) -> None:
        self.acknowledged: dict[str, str] = {}
        self.refused: list[Refused] = []
        self._api, self._name = api, name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"{self._name} {number}"
            try:
                body = {"kind": "individual", "name": name}
                made = self._api.post("/v1/clients", body, f"{id(self)}-{number}").body
            except Refused as refused:
                self.refused.append(refused)
                return
            self.acknowledged[made["id"]] = name


def all_clients(api: Api) -> dict[str, str]:
    found: dict[str, str] = {}
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = api.get("/v1/clients", **query)
        found |= {client["id"]: client["name"] for client in page["items"]}
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def ready(installation: Installation) -> bool:
    try:
        return requests.get(f"{installation.address}/health/ready", timeout=10).status_code == 200
    except requests.RequestException:
        return False


def eventually_ready(installation: Installation, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not ready(installation):
        assert time.monotonic() < until, installation.compose("logs", "--tail", "20")
        time.sleep(0.5)


def check_history(api: Api, installation: Installation, writer: Writer) -> None:
    """Everything acknowledged is there, once; every hash chain is whole."""
    assert not writer.refused
    assert writer.acknowledged
    names = [name for name in all_clients(api).values() if name in set(writer.acknowledged.values())]
    assert sorted(names) == sorted(writer.acknowledged.values())
    installation.inside("gateway", "reestr", "verify")


def test_it_is_ready_when_up_returns(installation):
    assert ready(installation)


def test_only_the_gateway_is_published_and_only_on_this_machine(installation):
    bound = {name: one["HostConfig"]["PortBindings"] or {} for name, one in installation.containers().items()}
    own = [{"HostIp": "127.0.0.1", "HostPort": str(installation.port)}]
    assert {name: ports for name, ports in bound.items() if ports} == {"gateway": {"8000/tcp": own}}


def test_containers_have_no_rights_they_do_not_need(installation):
    containers = installation.containers()
    assert set(containers) == {*SERVICES, *SERVERS, *ONE_SHOTS}
    for name, one in containers.items():
        host = one["HostConfig"]
        assert one["Config"]["User"].partition(":")[0] in ("10001", "999"), name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"], name


def test_secrets_are_in_no_environment_and_each_service_has_only_its_own(installation):
    passwords = {name: installation.inside(name, "cat", "/run/reestr/store-url").strip() for name in SERVICES}
    assert len(set(passwords.values())) == len(SERVICES)
    for name, one in installation.containers().items():
        environment = " ".join(one["Config"]["Env"])
        assert not any(url in environment for url in passwords.values()), name
        assert "amqp://" not in environment, name
    connect = "import sys, psycopg2; psycopg2.connect(sys.argv[1].rpartition('/')[0] + '/deals')"
    said = installation.fails_inside("clients", "python", "-c", connect, passwords["clients"])
    assert "permission denied" in said


def test_an_image_has_only_its_own_service(installation):
    for name in ("clients", "deals", "documents", "notifications", "reporting"):
        code = installation.inside(name, "ls", "services").split()
        assert set(code) - {"__init__.py", "__pycache__"} == {"kernel", name}
    assert "gateway" in installation.inside("gateway", "ls")


@pytest.mark.capability("GW-07")
def test_only_the_gateway_and_the_mail_have_a_way_out(installation):
    networks = {name: set(one["NetworkSettings"]["Networks"]) for name, one in installation.containers().items()}
    inside, outside = f"{installation.project}_inside", f"{installation.project}_outside"
    assert {name for name, joined in networks.items() if outside in joined} == {"gateway", "notifications"}
    assert all(joined <= {inside, outside, "none"} for joined in networks.values())
    shown = subprocess.run(["docker", "network", "inspect", inside], capture_output=True, text=True, check=True)
    assert json.loads(shown.stdout)[0]["Internal"]


def test_the_broker_has_one_user_and_nothing_that_later_versions_drop(installation):
    assert installation.inside("rabbitmq", "rabbitmqctl", "-q", "list_users").split()[2:] == [
        "reestr",
        "[administrator]",
    ]
    installation.inside("rabbitmq", "rabbitmq-diagnostics", "-q", "check_if_any_deprecated_features_are_used")
    policies = installation.inside("rabbitmq", "rabbitmqctl", "-q", "list_policies", "-p", "reestr")
    assert "reestr-queues" in policies


def test_metrics_are_served_inside(installation):
    for name in ("clients", "deals", "documents", "notifications", "reporting", "gateway"):
        read = f"import urllib.request; print(urllib.request.urlopen('http://{name}:9100/metrics').read().decode())"
        assert "reestr_oldest_unpublished_seconds" in installation.inside("gateway", "python", "-c", read)


def test_a_stranger_is_refused_and_a_key_from_the_gateway_is_not(installation, api):
    with pytest.raises(Refused) as refusal:
        Api(installation.address, "rk_made_up").get("/v1/clients")
    assert refusal.value.status == 401
    assert api.get("/v1/clients")["items"] == []


@pytest.mark.capability("GW-07")
def test_the_story_is_played_and_its_letter_waits_for_a_mail_server(installation, api):
    playing = installation.begin("--profile", "story", "run", "--rm", "-T", "--no-deps", "story")
    until = time.monotonic() + 120
    while not (messages := api.get("/v1/messages")["items"]) and playing.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.5)
    assert [message["state"] for message in messages] == ["planned"], playing.communicate()
    installation.compose("--profile", "story", "up", "--wait", "mailbox")
    output, errors = playing.communicate(timeout=180)
    assert playing.returncode == 0, output + errors
    told = installation.compose(
        "--profile", "story", "run", "--rm", "-T", "--no-deps", "story", "cat", "/story/story.json"
    )
    outcome = json.loads(told)
    assert len(outcome["mails"]) == len(outcome["pdfs"]) == 1
    assert api.download(f"/v1/documents/{outcome['invoice_id']}/pdf").startswith(b"%PDF")
    assert api.get(f"/v1/deals/{outcome['deal_id']}")["stage"] == "won"


def test_a_second_story_gets_new_numbers(installation, api):
    before = len(api.get("/v1/deals")["items"])
    installation.compose("--profile", "story", "run", "--rm", "-T", "story")
    assert len(api.get("/v1/deals")["items"]) == before + 2


def test_nothing_acknowledged_is_lost_when_services_are_killed(installation, api):
    with Writer(api, "Убитый") as writer:
        for name in SERVICES:
            installation.kill(name)
            time.sleep(1)
        eventually_ready(installation)
    check_history(api, installation, writer)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("accident", ["restart", "kill"])
def test_nothing_acknowledged_is_lost_when_a_server_goes(installation, api, server, accident):
    with Writer(api, f"{server}, {accident}") as writer:
        time.sleep(1)
        if accident == "kill":
            installation.kill(server)
        else:
            installation.compose("restart", server)
        eventually_ready(installation)
        time.sleep(3)
    check_history(api, installation, writer)


def test_the_events_of_all_services_arrive_after_the_broker_lost_its_disk(installation, api):
    installation.compose("rm", "--stop", "--force", "rabbitmq")
    installation.compose(
        "run", "--rm", "-T", "--no-deps", "--entrypoint", "sh", "rabbitmq", "-c", "rm -r /var/lib/rabbitmq/*"
    )
    with Writer(api, "Без диска") as writer:
        installation.compose("up", "--detach")
        eventually_ready(installation)
        time.sleep(3)
    check_history(api, installation, writer)
    last = list(writer.acknowledged)[-1]
    api.post("/v1/deals", {"client_id": last, "title": "После потери диска", "lines": []}, "after-the-disk")


def test_everything_is_there_after_down_and_up(installation, api):
    before = all_clients(api)
    installation.down()
    assert not ready(installation)
    installation.up()
    assert all_clients(api) == before
    installation.inside("gateway", "reestr", "verify")


def new_client(api: Api, name: str) -> str:
    made: str = api.post("/v1/clients", {"kind": "individual", "name": name}, f"{time.time_ns()}").body["id"]
    return made


def works_as_a_whole(installation: Installation, api: Api) -> None:
    """What one service records is known to the others, and the chains are whole."""
    installation.inside("gateway", "reestr", "verify")
    client = api.post("/v1/clients", {"kind": "individual", "name": f"Новый {time.time_ns()}"}, f"{time.time_ns()}")
    deal = {"client_id": client.body["id"], "title": "Новая сделка", "lines": []}
    opened = api.post(f"/v1/deals?min_position={client.position}", deal, f"{time.time_ns()}")
    assert api.get("/v1/reports/funnel", min_position=opened.position)["items"]


def test_a_backup_put_back_holds_what_was_there_and_nothing_later(installation, api, tmp_path):
    new_client(api, "До копии")
    before = all_clients(api)
    backup = installation.script("backup", str(tmp_path)).strip()
    eventually_ready(installation)
    later = new_client(api, "После копии")
    installation.script("restore", backup)
    assert all_clients(api) == before
    assert later not in before
    works_as_a_whole(installation, api)
    # reactions to what may have been in the lost part wait to be released
    for service in SERVICES:
        installation.inside("gateway", "reestr", "effects", "release", service)


def test_a_backup_brings_a_lost_machine_back(installation, api, tmp_path):
    before = all_clients(api)
    backup = installation.script("backup", str(tmp_path)).strip()
    installation.lose()
    installation.script("restore", backup, str(tmp_path / "keys"))
    assert all_clients(api) == before
    works_as_a_whole(installation, api)

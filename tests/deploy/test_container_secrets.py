import hashlib
import json
import stat
from base64 import b64decode

import pytest
from click.testing import CliRunner

from deploy.reestr.container_secrets import POSTGRES, RABBITMQ, STORY, main
from deploy.reestr.settings import SERVICES
from services.kernel.config import read_settings
from services.kernel.keyring import read_master_key


@pytest.fixture
def hand_out(tmp_path):
    kept, handed = tmp_path / "secrets", tmp_path / "handed"
    for folder in (kept, *(handed / name for name in (*SERVICES, POSTGRES, RABBITMQ, STORY))):
        folder.mkdir(parents=True)

    def run():
        done = CliRunner().invoke(main, [str(kept), str(handed)], catch_exceptions=False)
        assert done.exit_code == 0
        return handed

    return run


def _contents(folder):
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


def _settings(handed, service):
    own = handed / service
    files = {
        "REESTR_STORE_URL_FILE": own / "store-url",
        "REESTR_KEYRING_URL_FILE": own / "keyring-url",
        "REESTR_AMQP_URL_FILE": own / "amqp-url",
        "REESTR_MASTER_KEY_FILE": own / "master.key",
    }
    return read_settings({"REESTR_SERVICE": service} | {name: str(path) for name, path in files.items()})


def test_a_service_is_configured_by_what_it_is_handed(hand_out):
    handed = hand_out()
    seen = {service: _settings(handed, service) for service in SERVICES}
    assert len({settings.store_url for settings in seen.values()}) == len(SERVICES)
    assert len({settings.keyring_url for settings in seen.values()}) == 1
    assert len({read_master_key(settings.master_key_file) for settings in seen.values()}) == 1


def test_secrets_stay_what_they_are(hand_out):
    def lasting():
        return {path: text for path, text in _contents(hand_out()).items() if path.name != "definitions.json"}

    assert lasting() == lasting()


def test_the_broker_knows_one_user_by_the_password_that_services_have(hand_out):
    handed = hand_out()
    [user] = json.loads((handed / RABBITMQ / "definitions.json").read_text())["users"]
    password = _settings(handed, "deals").amqp_url.partition("reestr:")[2].partition("@")[0]
    known = b64decode(user["password_hash"])
    salt = known[:4]
    assert known == salt + hashlib.sha256(salt + password.encode()).digest()


def test_no_service_is_handed_the_password_of_another_database(hand_out):
    handed = hand_out()
    for service in SERVICES:
        others = {_settings(handed, other).store_url for other in SERVICES if other != service}
        assert not any(url in text for url in others for text in _contents(handed / service).values())


def test_what_services_are_handed_only_their_user_reads(hand_out):
    for path in (hand_out() / "deals").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

import pytest

from deploy.reestr.logs import rotate
from deploy.reestr.settings import Places, SettingWrong, environment, gateway_port


def test_a_port_that_is_none_is_refused_by_name(monkeypatch):
    for wrong in ("http", "0", "65536", "-1"):
        monkeypatch.setenv("GATEWAY_PORT", wrong)
        with pytest.raises(SettingWrong, match="GATEWAY_PORT"):
            gateway_port()


def test_every_service_has_files_of_its_own(tmp_path):
    told = [environment(service, Places(tmp_path), "amqp://", "smtp://", 8000) for service in ("clients", "deals")]
    for name in ("REESTR_STORE_URL", "REESTR_VIEWS_URL", "REESTR_BLOB_URL"):
        assert told[0][name] != told[1][name]
    for name in ("REESTR_KEYRING_URL", "REESTR_MASTER_KEY_FILE", "REESTR_AMQP_URL"):
        assert told[0][name] == told[1][name]


def test_the_master_key_is_made_once_and_private(tmp_path):
    environment("clients", Places(tmp_path), "amqp://", "smtp://", 8000)
    key = tmp_path / "secrets" / "master.key"
    first = key.read_text()
    environment("clients", Places(tmp_path), "amqp://", "smtp://", 8000)
    assert key.read_text() == first
    assert key.stat().st_mode & 0o077 == 0


def test_a_large_log_moves_aside_while_its_writer_goes_on(tmp_path):
    log = tmp_path / "clients.log"
    with log.open("a", buffering=1) as writer:
        writer.write("old\n" * 10)
        rotate(log, largest=20)
        writer.write("new\n")
    assert log.read_text() == "new\n"
    assert log.with_name("clients.log.1").read_text() == "old\n" * 10

from dataclasses import fields
from pathlib import Path

import pytest

from services.kernel.config import VARIABLES, ConfigurationError, Settings, markdown_table, read_settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture
def environment(tmp_path):
    key = tmp_path / "master.key"
    key.write_text("00" * 32)
    return {
        "REESTR_SERVICE": "clients",
        "REESTR_STORE_URL": f"sqlite:///{tmp_path}/clients/events.db",
        "REESTR_KEYRING_URL": f"sqlite:///{tmp_path}/keyring.db",
        "REESTR_MASTER_KEY_FILE": str(key),
        "REESTR_AMQP_URL": "amqp://reestr:secret@127.0.0.1:5673//",
    }


def refused(environment):
    with pytest.raises(ConfigurationError) as caught:
        read_settings(environment)
    return caught.value.problems


def test_the_required_variables_are_enough(environment, tmp_path):
    settings = read_settings(environment)
    assert settings.service == "clients"
    assert settings.views_url == f"sqlite:///{tmp_path}/clients/views.db"
    assert settings.blob_url == f"file://{tmp_path}/clients/blobs"
    assert settings.time_zone.key == "Europe/Moscow"
    assert (settings.gateway_host, settings.gateway_port) == ("127.0.0.1", 8000)
    assert settings.metrics_port is None
    assert settings.log_level == "info"
    assert settings.max_workers == 10


def test_on_postgresql_read_models_and_files_are_in_the_stores_database(environment):
    url = "postgresql://clients:p%40ss@db/clients"
    settings = read_settings(environment | {"REESTR_STORE_URL": url})
    assert settings.views_url == url
    assert settings.blob_url == url


def test_everything_missing_is_named_at_once():
    problems = refused({})
    required = {variable.name for variable in VARIABLES.values() if variable.required}
    assert {problem.partition(" ")[0] for problem in problems} == required
    assert all("is not set" in problem for problem in problems)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REESTR_SERVICE", "Clients"),
        ("REESTR_SERVICE", "клиенты"),
        ("REESTR_STORE_URL", "mysql://root@db/clients"),
        ("REESTR_STORE_URL", "sqlite://"),
        ("REESTR_STORE_URL", "sqlite:///:memory:"),
        ("REESTR_STORE_URL", "/var/lib/clients.db"),
        ("REESTR_KEYRING_URL", "postgresql://keyring@db"),
        ("REESTR_MASTER_KEY_FILE", "/no/such/file"),
        ("REESTR_AMQP_URL", "127.0.0.1:5672"),
        ("REESTR_AMQP_URL", "amqp://"),
        ("REESTR_SMTP_URL", "mail.example.com"),
        ("REESTR_BLOB_URL", "blobs"),
        ("REESTR_BLOB_URL", "sqlite:///blobs.db"),
        ("REESTR_TIME_ZONE", "Europe/Moskva"),
        ("REESTR_TIME_ZONE", "../etc/passwd"),
        ("GATEWAY_PORT", "0"),
        ("GATEWAY_PORT", "65536"),
        ("GATEWAY_PORT", "80а"),
        ("GATEWAY_HOST", "http://127.0.0.1"),
        ("REESTR_METRICS_PORT", "-1"),
        ("REESTR_WEBHOOKS_TO_LOOPBACK", "yes"),
        ("REESTR_LOG_LEVEL", "loud"),
        ("REESTR_MAX_WORKERS", "1.5"),
        ("REESTR_MAX_WORKERS", "0"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(environment, name, value):
    problems = refused(environment | {name: value})
    assert [problem.partition(" ")[0] for problem in problems] == [name]


def test_a_refused_address_is_not_repeated_as_it_may_hold_a_password(environment):
    (problem,) = refused(environment | {"REESTR_AMQP_URL": "http://reestr:secret@host"})
    assert "secret" not in problem


def test_settings_do_not_show_passwords(environment):
    assert "secret" not in repr(read_settings(environment))


def test_an_address_is_read_from_a_file(environment, tmp_path):
    del environment["REESTR_AMQP_URL"]
    secret = tmp_path / "amqp"
    secret.write_text("amqp://reestr:secret@rabbitmq//\n")
    settings = read_settings(environment | {"REESTR_AMQP_URL_FILE": str(secret)})
    assert settings.amqp_url == "amqp://reestr:secret@rabbitmq//"


def test_a_variable_and_its_file_together_are_refused(environment, tmp_path):
    (problem,) = refused(environment | {"REESTR_AMQP_URL_FILE": str(tmp_path / "amqp")})
    assert problem.startswith("REESTR_AMQP_URL and REESTR_AMQP_URL_FILE are both set")


def test_an_unreadable_secret_is_refused(environment, tmp_path):
    del environment["REESTR_AMQP_URL"]
    (problem,) = refused(environment | {"REESTR_AMQP_URL_FILE": str(tmp_path / "absent")})
    assert problem.startswith("REESTR_AMQP_URL cannot be read")
    assert "REESTR_AMQP_URL_FILE" in problem


def test_an_empty_variable_counts_as_not_set(environment):
    assert read_settings(environment | {"GATEWAY_PORT": "", "REESTR_SMTP_URL": ""}).gateway_port == 8000


def test_every_setting_has_a_row_in_the_table():
    assert list(VARIABLES) == [f.name for f in fields(Settings)]


def test_the_documented_table_is_the_one_in_the_code():
    assert DOCUMENT.read_text(encoding="utf-8").endswith("\n\n" + markdown_table())

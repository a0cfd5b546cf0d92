import psycopg2
import pytest
from click.testing import CliRunner

from deploy.reestr import databases
from deploy.reestr.container_secrets import DATABASES, kept
from deploy.reestr.files import write_private


@pytest.fixture(scope="module")
def folder(postgres, tmp_path_factory):
    """Secrets of a cluster that has its databases."""
    folder = tmp_path_factory.mktemp("secrets")
    write_private(folder / "postgres", postgres.password)
    _provide(postgres, folder)
    yield folder
    for name in DATABASES:
        postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        postgres.execute(f"DROP ROLE IF EXISTS {name}")


def _provide(postgres, folder):
    done = CliRunner().invoke(databases.main, [str(folder), "--host", postgres.host, "--port", str(postgres.port)])
    assert done.exit_code == 0, done.output


def _connect(postgres, folder, user, database):
    return psycopg2.connect(
        host=postgres.host, port=postgres.port, user=user, password=kept(folder, user), dbname=database
    )


def test_each_service_makes_schemas_in_its_database(postgres, folder):
    for name in DATABASES:
        connection = _connect(postgres, folder, name, name)
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA store")
        connection.close()


@pytest.mark.parametrize("other", ["deals", "keyring", "postgres", "template1"])
def test_a_service_has_no_way_into_another_database(postgres, folder, other):
    with pytest.raises(psycopg2.OperationalError, match="permission denied"):
        _connect(postgres, folder, "clients", other)


def test_a_cluster_cut_short_is_completed_and_takes_new_passwords(postgres, folder):
    postgres.execute("DROP DATABASE reporting")
    (folder / "deals").unlink()
    _provide(postgres, folder)
    _connect(postgres, folder, "reporting", "reporting").close()
    _connect(postgres, folder, "deals", "deals").close()


def test_russian_letters_change_case_in_the_databases(postgres, folder):
    connection = _connect(postgres, folder, "clients", "clients")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ЁЖИК'), upper('ромашка')")
        assert cursor.fetchone() == ("ёжик", "РОМАШКА")
    connection.close()

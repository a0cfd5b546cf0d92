"""Copies of a running installation, put back into it and onto a lost machine."""

import shutil
import threading
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.reestr import backups, control
from deploy.reestr.backups import BackupWrong
from deploy.reestr.cli import cli
from services.kernel.clock import now
from services.kernel.events import PersonKey
from services.kernel.keyring import Keyring, read_master_key
from tests.journeys.conftest import Installation, eventually

pytestmark = pytest.mark.timeout(300)


def reestr(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def create(installation: Installation, name: str) -> str:
    body = {"kind": "individual", "name": name}
    made: str = installation.api.post("/v1/clients", body, str(uuid.uuid4())).body["id"]
    return made


def names(installation: Installation) -> set[str]:
    found, query = set(), {"limit": 500}
    while True:
        page = installation.api.get("/v1/clients", **query)
        found |= {client["name"] for client in page["items"]}
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


@contextmanager
def written_to(installation: Installation):
    """Clients are created one after the other meanwhile; gives their names as they are acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            name = f"Нагрузка {len(acknowledged)}"
            create(installation, name)
            acknowledged.append(name)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        thread.join()


def forget(installation: Installation, client_id: str) -> None:
    where = installation.where
    url = f"sqlite:///{where.data('keyring')}/keyring.db"
    keyring = Keyring(url, read_master_key(where.var / "secrets" / "master.key"))
    assert keyring.destroy(PersonKey(client_id, "relation"))
    keyring.close()


def put_back(installation: Installation, *arguments: str) -> None:
    control.down(installation.where)
    reestr("restore", *arguments)
    control.up(installation.where, print)
    reestr("verify")


def works_as_a_whole(installation: Installation) -> None:
    """What one service records is known to the others."""
    client = create(installation, f"Новый {uuid.uuid4().hex[:6]}")
    deal = {"client_id": client, "title": "Новая сделка", "lines": []}
    opened = installation.api.post("/v1/deals", deal, str(uuid.uuid4()))
    assert installation.api.get("/v1/reports/funnel", min_position=opened.position)["items"]


def test_a_copy_made_while_all_goes_on_holds_what_was_there_and_nothing_later(installation, told, tmp_path):
    before = names(installation)
    forgotten = create(installation, "Забытый Пётр")
    with written_to(installation) as acknowledged:
        at_least = list(acknowledged)
        stores = reestr("backup", str(tmp_path)).strip()
    later = create(installation, "После копии")
    forget(installation, forgotten)
    put_back(installation, stores)
    there = names(installation)
    assert before | set(at_least) <= there
    assert "После копии" not in there
    assert later not in there
    assert "Забытый Пётр" not in there, "an older copy of a store brings nobody back"
    assert installation.api.download(f"/v1/documents/{told['invoice_id']}/pdf").startswith(b"%PDF")
    for service in ("clients", "documents", "notifications"):
        reestr("effects", "release", service)
    works_as_a_whole(installation)


def test_a_lost_machine_comes_back_from_the_stores_and_the_keys(installation, told, tmp_path):
    before = names(installation)
    stores = Path(reestr("backup", str(tmp_path)).strip())
    control.down(installation.where)
    shutil.rmtree(installation.where.var)
    installation.where.var.mkdir()
    reestr("restore", str(stores), "--keys", str(tmp_path / "keys"))
    control.up(installation.where, print)
    reestr("verify")
    assert names(installation) == before
    assert installation.api.get(f"/v1/deals/{told['deal_id']}")["stage"] == "won"
    works_as_a_whole(installation)


def test_a_restore_that_was_cut_off_lets_nothing_start_until_it_is_done(installation, tmp_path, monkeypatch):
    stores = reestr("backup", str(tmp_path)).strip()
    control.down(installation.where)

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(backups, "rejoin", cut_off)
        with pytest.raises(KeyboardInterrupt):
            backups.restore(installation.where, Path(stores), None)
    with pytest.raises(control.NotUp, match="restore"):
        control.up(installation.where, print)
    put_back(installation, stores)
    works_as_a_whole(installation)


def test_what_is_no_backup_or_does_not_belong_here_is_refused(installation, tmp_path):
    refused = CliRunner().invoke(cli, ["restore", str(tmp_path)], catch_exceptions=False)
    assert "make down" in refused.output
    with pytest.raises(BackupWrong, match="no store of clients"):
        backups.restore(installation.where, tmp_path, None)
    stores = backups.back_up(installation.where, tmp_path, now())
    with pytest.raises(BackupWrong, match="keyring of its own"):
        backups.restore(installation.where, stores, tmp_path / "keys")
    (stores / "deals.db").unlink()
    with pytest.raises(BackupWrong, match="no store of deals"):
        backups.restore(installation.where, stores, None)


def test_a_reader_whose_source_was_restored_alone_goes_back_with_it(installation, tmp_path):
    stores = Path(reestr("backup", str(tmp_path)).strip())
    lost = create(installation, "Потерянный")
    eventually(lambda: installation.api.get("/v1/events", subject=lost)["items"])
    control.down(installation.where)
    data = installation.where.data("clients")
    for file in (*data.glob("events.db*"), *data.glob("views.*")):
        file.unlink()
    shutil.copyfile(stores / "clients.db", data / "events.db")
    control.up(installation.where, print)
    eventually(lambda: CliRunner().invoke(cli, ["status"]).output.count("no longer reads clients") == 4)
    for reader in ("deals", "documents", "notifications", "reporting"):
        assert "gave up" in reestr("rewind", reader, "clients")
    control.up(installation.where, print)
    reestr("status")
    assert installation.api.get("/v1/events", subject=lost)["items"] == []
    works_as_a_whole(installation)

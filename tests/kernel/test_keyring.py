import base64
import contextlib
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from services.kernel.events import PersonKey
from services.kernel.keyring import (
    CACHED,
    TRUSTED_SECONDS,
    Destroyed,
    Keyring,
    Tombstone,
    UnknownKey,
    WrongMasterKey,
    read_master_key,
)

MASTER = bytes(range(32))
ANNA = PersonKey("0190-anna", "relation")
ANNA_INVOICES = PersonKey("0190-anna", "accounting")
BORIS = PersonKey("0190-boris", "relation")


@pytest.fixture
def opened():
    keyrings = []

    def open_keyring(url, master=MASTER):
        keyrings.append(Keyring(url, master))
        return keyrings[-1]

    yield open_keyring
    for keyring in keyrings:
        keyring.close()


@pytest.fixture
def keyring(any_database, opened):
    return opened(any_database)


def test_a_key_is_made_once_and_stays(any_database, keyring, opened):
    key = keyring.key(ANNA)
    assert len(key) == 32
    assert keyring.key(ANNA) == key
    assert opened(any_database).key(ANNA) == key


def test_every_person_and_ground_has_a_key_of_its_own(keyring):
    assert len({keyring.key(who) for who in (ANNA, ANNA_INVOICES, BORIS)}) == 3


def test_finding_makes_no_key(keyring):
    with pytest.raises(UnknownKey):
        keyring.find(ANNA)
    key = keyring.key(ANNA)
    assert keyring.find(ANNA) == key


def test_a_destroyed_key_is_gone_at_once_and_can_never_be_made_again(keyring):
    keyring.key(ANNA)
    invoices = keyring.key(ANNA_INVOICES)
    assert keyring.destroy(ANNA)
    assert keyring.find(ANNA) is None
    with pytest.raises(Destroyed):
        keyring.key(ANNA)
    assert keyring.find(ANNA_INVOICES) == invoices


def test_destroying_again_or_before_there_is_a_key_leaves_the_tombstone(keyring):
    keyring.key(ANNA)
    assert keyring.destroy(ANNA)
    assert not keyring.destroy(ANNA)
    assert not keyring.destroy(BORIS)
    with pytest.raises(Destroyed):
        keyring.key(BORIS)


def test_another_process_forgets_a_destroyed_key_within_five_seconds(any_database, keyring, opened):
    other = opened(any_database)
    assert other.key(ANNA) == keyring.key(ANNA)
    kept = other.key(BORIS)
    keyring.destroy(ANNA)
    begun = time.monotonic()
    while other.find(ANNA) is not None:
        assert time.monotonic() - begun < 5
        time.sleep(0.05)
    assert time.monotonic() - begun <= TRUSTED_SECONDS + 0.5
    assert other.find(BORIS) == kept


def test_a_process_that_cannot_look_uses_no_remembered_key(keyring, monkeypatch):
    keyring.key(ANNA)
    later = time.monotonic() + TRUSTED_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    def unreachable():
        raise sa.exc.OperationalError("SELECT", {}, Exception("unreachable"))

    monkeypatch.setattr(keyring._database, "read", unreachable)
    with pytest.raises(sa.exc.OperationalError):
        keyring.find(ANNA)


def test_a_reader_overtaken_by_a_destruction_leaves_nothing_behind(keyring):
    keyring.key(ANNA)
    begun = keyring._trusted()
    keyring.destroy(ANNA)
    begun[ANNA] = b"read before the destruction"
    assert keyring.find(ANNA) is None


def test_remembering_is_bounded(keyring, monkeypatch):
    key = keyring.key(ANNA)
    keyring._known.update({PersonKey(str(number), "relation"): b"" for number in range(CACHED)})
    keyring.key(BORIS)
    assert len(keyring._known) <= 2
    assert keyring.find(ANNA) == key


def test_neighbouring_keys_come_with_one_query(any_database, keyring, opened):
    people = [PersonKey(f"0190-{number:04}", "relation") for number in range(50)]
    keys = [keyring.key(who) for who in people]
    other = opened(any_database)
    queries = []
    sa.event.listen(other._database.engine, "before_cursor_execute", lambda *call: queries.append(call[2]))
    assert [other.find(who) for who in people] == keys
    assert len(queries) == 2, "one look at the destructions, one at the keys"


def test_tombstones_apply_to_a_keyring_restored_from_an_older_copy(keyring, opened, tmp_path):
    old = opened(f"sqlite:///{tmp_path}/older.db")
    old.key(ANNA)
    kept = old.key(BORIS)
    keyring.key(ANNA)
    keyring.destroy(ANNA)
    keyring.destroy(ANNA_INVOICES)
    tombstones = keyring.tombstones()
    assert [(t.person, t.ground) for t in tombstones] == [ANNA, ANNA_INVOICES]
    assert old.apply_tombstones(tombstones) == 1
    assert old.tombstones() == tombstones
    assert old.find(ANNA) is None
    assert old.find(ANNA_INVOICES) is None
    assert old.find(BORIS) == kept
    assert old.apply_tombstones(tombstones) == 0


def test_a_tombstone_keeps_the_time_of_the_first_destruction(keyring):
    first = Tombstone(*ANNA, datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    keyring.apply_tombstones([first])
    keyring.destroy(ANNA)
    assert keyring.tombstones() == [first]


def test_a_key_lost_for_good_reads_as_erased_once_it_is_destroyed(keyring):
    with pytest.raises(UnknownKey):
        keyring.find(ANNA)
    keyring.destroy(ANNA)
    assert keyring.find(ANNA) is None


def test_a_claim_key_is_stable_and_tells_nothing(any_database, keyring, opened, tmp_path):
    phone = keyring.claim_key("clients.phone", "+74951234567")
    assert len(phone) == 64
    assert opened(any_database).claim_key("clients.phone", "+74951234567") == phone
    assert keyring.claim_key("clients.fax", "+74951234567") != phone
    assert opened(f"sqlite:///{tmp_path}/other.db").claim_key("clients.phone", "+74951234567") != phone


def test_another_master_key_is_refused_when_the_keyring_is_opened(any_database, keyring):
    with pytest.raises(WrongMasterKey):
        Keyring(any_database, bytes(32))


def test_keys_are_stored_wrapped_and_bound_to_their_row(keyring):
    key = keyring.key(ANNA)
    keyring.key(BORIS)
    with keyring._database.write() as connection:
        rows = dict(connection.execute(sa.text(f"SELECT person, wrapped FROM {_table(keyring)}")).all())
        assert key not in bytes(rows[ANNA.person])
        swap = sa.text(f"UPDATE {_table(keyring)} SET wrapped = :wrapped WHERE person = :person")
        connection.execute(swap, {"wrapped": rows[ANNA.person], "person": BORIS.person})
    keyring._known.clear()
    with pytest.raises(WrongMasterKey):
        keyring.find(BORIS)


def _table(keyring):
    return "keys" if keyring._database.is_sqlite else "store.keys"


def test_nothing_of_a_destroyed_key_stays_in_the_files(opened, tmp_path):
    keyring = opened(f"sqlite:///{tmp_path}/keyring.db")
    keyring.key(ANNA)
    with keyring._database.read() as connection:
        wrapped = connection.execute(sa.text("SELECT wrapped FROM keys")).scalar_one()
    assert _held_in_files(tmp_path, wrapped)
    keyring.destroy(ANNA)
    assert not _held_in_files(tmp_path, wrapped)


def _held_in_files(folder, content):
    return any(content in path.read_bytes() for path in folder.iterdir())


def test_several_processes_agree_on_every_key(any_database):
    script = (
        "import sys; from services.kernel.keyring import *; from services.kernel.events import PersonKey\n"
        "sys.stdin.readline()\n"
        "keyring = Keyring(sys.argv[1], bytes(range(32)))\n"
        "for n in range(40): print(keyring.key(PersonKey(f'p{n}', 'relation')).hex())\n"
    )
    command = [sys.executable, "-c", script, any_database]
    environment = os.environ | {"PYTHONPATH": "."}
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(answers[0].split()) == 40
    assert len(set(answers)) == 1


def test_a_key_made_and_destroyed_at_the_same_moment_is_destroyed(any_database, keyring, opened):
    other = opened(any_database)
    for number in range(25):
        who = PersonKey(f"p{number}", "relation")
        maker = threading.Thread(target=_make, args=(other, who))
        maker.start()
        keyring.destroy(who)
        maker.join()
        other._trusted_until = 0
        assert keyring.find(who) is None
        assert other.find(who) is None


def _make(keyring, who):
    with contextlib.suppress(Destroyed):
        keyring.key(who)


def test_the_master_key_is_read_from_a_file_of_base64(tmp_path):
    path = tmp_path / "master.key"
    path.write_text(base64.b64encode(MASTER).decode() + "\n")
    assert read_master_key(path) == MASTER


@pytest.mark.parametrize("content", ["", "AAAA" * 10 + "AA==", "AAAA" * 11, MASTER.hex(), "A" * 43, "ключ"])
def test_a_file_that_holds_no_master_key_is_refused_by_name(tmp_path, content):
    path = tmp_path / "master.key"
    path.write_text(content)
    with pytest.raises(WrongMasterKey, match="openssl rand -base64 32") as caught:
        read_master_key(path)
    assert str(path) in str(caught.value)

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg2
import pytest

from services.kernel.blobs import LONGEST_CHUNK, PART, Blob, Erased, open_blobs
from services.kernel.errors import NotFound
from services.kernel.events import PersonKey
from services.kernel.keyring import Keyring
from services.kernel.sealing import Damaged, Sealer

ANNA = PersonKey("0190-anna", "relation")
BORIS = PersonKey("0190-boris", "relation")
PDF = b"%PDF-1.7 " + bytes(range(256)) * 4
LONG = bytes(range(251)) * 10_000  # two parts and a half, never aligned
TYPE = "application/pdf"


@pytest.fixture
def keyring(tmp_path):
    keyring = Keyring(f"sqlite:///{tmp_path}/keyring.db", bytes(32))
    yield keyring
    keyring.close()


@pytest.fixture(params=["folder", "postgres"])
def url(request, tmp_path):
    if request.param == "folder":
        return (tmp_path / "the blobs").as_uri()
    return request.getfixturevalue("database")


@pytest.fixture
def blobs(url, keyring):
    return open_blobs(url, Sealer(keyring))


@pytest.mark.parametrize("who", [None, ANNA])
@pytest.mark.parametrize("content", [b"", PDF, LONG, LONG[: 2 * PART]], ids=["empty", "short", "long", "whole parts"])
def test_what_was_put_comes_back_by_its_hash(blobs, content, who):
    blob = blobs.put(content, TYPE, who)
    assert blob == Blob(hashlib.sha256(content).hexdigest(), len(content), TYPE)
    assert blobs.get(blob.hash) == content


def test_it_is_still_there_when_the_store_is_opened_again(url, blobs, keyring):
    blob = blobs.put(LONG, TYPE, ANNA)
    assert open_blobs(url, Sealer(keyring)).get(blob.hash) == LONG


@pytest.mark.parametrize("who", [None, ANNA])
@pytest.mark.parametrize(
    ("offset", "limit"),
    [
        (0, 1),
        (0, LONGEST_CHUNK),
        (PART - 1, 2),
        (PART, PART),
        (PART + 7, PART),
        (2 * PART, PART),
        (len(LONG), 1),
        (5 * PART, 1),
    ],
)
def test_a_chunk_is_a_piece_of_the_content(blobs, who, offset, limit):
    blob = blobs.put(LONG, TYPE, who)
    chunk = blobs.chunk(blob.hash, offset, limit)
    assert chunk.content == LONG[offset : offset + limit]
    assert chunk.blob == blob


def test_chunks_one_after_another_give_the_whole(blobs):
    hash = blobs.put(LONG, TYPE, ANNA).hash
    pieces = [blobs.chunk(hash, offset, 700_001).content for offset in range(0, len(LONG), 700_001)]
    assert b"".join(pieces) == LONG


@pytest.mark.parametrize(("offset", "limit"), [(-1, 1), (0, 0), (0, LONGEST_CHUNK + 1)])
def test_a_chunk_is_bounded(blobs, offset, limit):
    hash = blobs.put(PDF, TYPE).hash
    with pytest.raises(ValueError, match=f"limit {limit}"):
        blobs.chunk(hash, offset, limit)


@pytest.mark.parametrize("hash", ["0" * 64, "", "../../etc/passwd", "*", "A" * 64])
def test_an_unknown_hash_is_not_found(blobs, hash):
    blobs.put(PDF, TYPE)
    with pytest.raises(NotFound):
        blobs.get(hash)
    with pytest.raises(NotFound):
        blobs.chunk(hash, 0)


def test_putting_again_changes_nothing(blobs):
    blob = blobs.put(LONG, TYPE)
    assert blobs.put(LONG, TYPE) == blob
    assert blobs.get(blob.hash) == LONG
    assert len(blobs._parts.copies(blob.hash)) == 1


@pytest.mark.parametrize("content", [b"", LONG], ids=["empty", "long"])
def test_personal_content_is_lost_with_its_persons_key(blobs, keyring, content):
    hash = blobs.put(content, TYPE, ANNA).hash
    keyring.destroy(ANNA)
    with pytest.raises(Erased):
        blobs.get(hash)
    with pytest.raises(Erased):
        blobs.chunk(hash, 10 * PART)


def test_the_same_content_of_another_person_outlives_the_first(blobs, keyring):
    hash = blobs.put(PDF, TYPE, ANNA).hash
    assert blobs.put(PDF, TYPE, BORIS).hash == hash
    keyring.destroy(ANNA)
    assert blobs.get(hash) == PDF
    keyring.destroy(BORIS)
    with pytest.raises(Erased):
        blobs.get(hash)
    blobs.put(PDF, TYPE)
    assert blobs.get(hash) == PDF


def test_a_copy_that_is_removed_is_gone_and_the_others_stay(blobs):
    kept = blobs.put(LONG, TYPE, ANNA)
    blobs.put(LONG, TYPE, BORIS)
    blobs.remove(kept.hash, ANNA)
    blobs.remove(kept.hash, ANNA)
    assert blobs.get(kept.hash) == LONG
    blobs.remove(kept.hash, BORIS)
    with pytest.raises(NotFound):
        blobs.get(kept.hash)


def test_personal_content_is_kept_sealed(blobs, tmp_path):
    blobs.put(b"Anna's passport", TYPE, ANNA)
    (copy,) = blobs._parts.copies(hashlib.sha256(b"Anna's passport").hexdigest())
    assert b"passport" not in blobs._parts.read(copy, 0)
    assert not any(b"passport" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_damage_is_noticed(tmp_path, keyring):
    blobs = open_blobs(tmp_path.joinpath("blobs").as_uri(), Sealer(keyring))
    opened, sealed = blobs.put(PDF, TYPE), blobs.put(LONG, TYPE, ANNA)
    for blob in (opened, sealed):
        (path,) = (tmp_path / "blobs").glob(f"*/{blob.hash}*")
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        with pytest.raises(Damaged):
            blobs.get(blob.hash)
        path.write_bytes(content[:-1])
        with pytest.raises(Damaged):
            blobs.chunk(blob.hash, blob.size - 1, 1)


def test_damage_in_a_table_is_noticed(database, keyring):
    blobs = open_blobs(database, Sealer(keyring))
    hash = blobs.put(LONG, TYPE, ANNA).hash
    with psycopg2.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE store.blob_parts SET number = -number")
        cursor.execute("UPDATE store.blob_parts SET number = CASE number WHEN 0 THEN 1 WHEN -1 THEN 0 ELSE 2 END")
    connection.close()
    with pytest.raises(Damaged):
        blobs.get(hash)


def test_many_may_put_the_same_at_once(blobs):
    threads = [threading.Thread(target=blobs.put, args=(LONG, TYPE, ANNA)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hash = hashlib.sha256(LONG).hexdigest()
    assert blobs.get(hash) == LONG
    assert len(blobs._parts.copies(hash)) == 1


def test_files_are_the_owners_alone(tmp_path, keyring):
    blob = open_blobs(tmp_path.joinpath("blobs").as_uri(), Sealer(keyring)).put(PDF, TYPE)
    (path,) = (tmp_path / "blobs").glob(f"*/{blob.hash}")
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_process_killed_while_putting_leaves_only_whole_blobs(url, keyring, tmp_path):
    script = (
        "import sys; from services.kernel.blobs import open_blobs; from services.kernel.keyring import Keyring\n"
        "from services.kernel.sealing import Sealer\n"
        "blobs = open_blobs(sys.argv[1], Sealer(Keyring(sys.argv[2], bytes(32))))\n"
        "for n in range(100_000): print(blobs.put(n.to_bytes(4) * 300_000, 'x/y').hash, flush=True)\n"
    )
    command = [sys.executable, "-c", script, url, f"sqlite:///{tmp_path}/keyring.db"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."})
    assert process.stdout
    process.stdout.readline()
    time.sleep(0.15)
    process.send_signal(signal.SIGKILL)
    acknowledged = process.communicate()[0].split()
    blobs = open_blobs(url, Sealer(keyring))
    assert all(len(blobs.get(hash)) == 1_200_000 for hash in acknowledged)
    if url.startswith("file:"):
        folder = Path(tmp_path / "the blobs")
        assert all(blobs.get(path.name) for path in folder.glob("??/*"))


def test_what_a_killed_process_left_unfinished_is_removed_later(tmp_path, keyring):
    url = tmp_path.joinpath("blobs").as_uri()
    open_blobs(url, Sealer(keyring))
    fresh, old = tmp_path / "blobs/unfinished/fresh", tmp_path / "blobs/unfinished/old"
    fresh.touch()
    old.touch()
    os.utime(old, (0, 0))
    open_blobs(url, Sealer(keyring))
    assert fresh.exists()
    assert not old.exists()

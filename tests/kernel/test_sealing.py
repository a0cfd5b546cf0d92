import dataclasses
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kernel.context import Context
from services.kernel.events import PersonKey, Registry, event
from services.kernel.ids import new_id
from services.kernel.keyring import Destroyed, Keyring, UnknownKey
from services.kernel.message import Message
from services.kernel.sealing import Damaged, Sealer, open_message
from services.kernel.store.claims import Append, StreamEvents
from services.kernel.store.store import open_store

ANNA = PersonKey("0190-anna", "relation")
BORIS = PersonKey("0190-boris", "relation")
FIELDS = {"name": "Анна Каренина", "phones": ["+74951234567"], "birthday": None}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def keyring(tmp_path_factory):
    keyring = Keyring(f"sqlite:///{tmp_path_factory.mktemp('keyring')}/keyring.db", bytes(32))
    yield keyring
    keyring.close()


@pytest.fixture(scope="module")
def sealer(keyring):
    return Sealer(keyring)


def test_sealed_fields_open_again_and_show_nothing(sealer):
    sealed = sealer.seal("event-1", ANNA, FIELDS)
    assert sealed.isascii()
    assert sealer.unseal("event-1", ANNA, sealed) == FIELDS
    assert sealer.seal("event-1", ANNA, FIELDS) != sealed


@settings(deadline=None, max_examples=50)
@given(content=st.binary(max_size=100), place=st.text(max_size=20), flipped=st.integers(min_value=0))
def test_any_changed_byte_is_noticed(sealer, content, place, flipped):
    sealed = bytearray(sealer.seal_bytes(place, ANNA, content))
    assert sealer.open_bytes(place, ANNA, bytes(sealed)) == content
    sealed[flipped % len(sealed)] ^= 1
    with pytest.raises(Damaged):
        sealer.open_bytes(place, ANNA, bytes(sealed))


def test_sealed_fields_do_not_open_elsewhere_or_for_another_person(sealer):
    sealed = sealer.seal("event-1", ANNA, FIELDS)
    sealer.seal("event-1", BORIS, FIELDS)
    with pytest.raises(Damaged):
        sealer.unseal("event-2", ANNA, sealed)
    with pytest.raises(Damaged):
        sealer.unseal("event-1", BORIS, sealed)


def test_what_was_cut_short_is_damaged(sealer):
    with pytest.raises(Damaged):
        sealer.open_bytes("event-1", ANNA, sealer.seal_bytes("event-1", ANNA, b"x")[:20])


def test_a_forgotten_person_reads_as_erased_and_takes_no_more_fields(keyring, sealer):
    vera = PersonKey("0190-vera", "relation")
    sealed = sealer.seal("event-1", vera, FIELDS)
    keyring.destroy(vera)
    assert sealer.unseal("event-1", vera, sealed) is None
    with pytest.raises(Destroyed):
        sealer.seal("event-2", vera, FIELDS)


def test_another_keyring_does_not_read_as_erased(sealer, tmp_path):
    other = Keyring(f"sqlite:///{tmp_path}/other.db", bytes(32))
    with pytest.raises(UnknownKey):
        Sealer(other).unseal("event-1", ANNA, sealer.seal("event-1", ANNA, FIELDS))
    other.close()


def message(data):
    return Message(
        "event-1", "clients", "ClientCreated", "1", data, "e", 1, 0, 1, 1, NOW, NOW, "actor", "correlation", "causation"
    )


def test_an_open_message_holds_the_fields_among_the_others(sealer):
    sealed = {str(ANNA): sealer.seal("event-1", ANNA, {"name": "Анна"})}
    opened = open_message(message({"kind": "individual", "sealed": sealed}), sealer)
    assert opened.data == {"kind": "individual", "name": "Анна"}
    assert dataclasses.replace(opened, data={}) == message({})


def test_a_message_without_sealed_fields_is_left_alone(sealer):
    plain = message({"kind": "individual"})
    assert open_message(plain, sealer) is plain


def test_a_message_about_a_forgotten_person_says_so_and_keeps_the_fields_of_others(keyring, sealer):
    gleb = PersonKey("0190-gleb", "relation")
    sealed = {str(gleb): sealer.seal("event-1", gleb, {"name": "Глеб"})}
    sealed[str(ANNA)] = sealer.seal("event-1", ANNA, {"contact": "Анна"})
    keyring.destroy(gleb)
    opened = open_message(message({"kind": "individual", "sealed": sealed}), sealer)
    assert opened.data == {"kind": "individual", "erased": True, "contact": "Анна"}


@event("Met", personal=lambda met: {PersonKey(met.person, "relation"): ["name"]})
@dataclass(frozen=True)
class Met:
    person: str
    name: str | None = None


def test_a_store_keeps_personal_fields_sealed_and_loses_them_with_the_key(keyring, sealer, any_database):
    dina = new_id()
    store = open_store(any_database, "clients", Registry([Met]), {Met: lambda met: {"person": met.person}}, sealer)
    context = Context("actor", "principal", "correlation", "causation", NOW, NOW)
    store.append(Append(context, [StreamEvents("client:1", 0, [Met(dina, "Дина")])]))
    (sent,) = store.public_after(0).messages
    assert "Дина" not in sent.to_json().decode()
    assert open_message(Message.from_json(sent.to_json()), sealer).data == {"person": dina, "name": "Дина"}
    assert store.read_stream("client:1")[0].event == Met(dina, "Дина")
    keyring.destroy(PersonKey(dina, "relation"))
    assert store.read_stream("client:1")[0].event == Met(dina, None)
    assert open_message(sent, sealer).data == {"person": dina, "erased": True}
    store.database.close()


def test_greenlets_share_a_keyring(any_database):
    script = (
        "import eventlet; eventlet.monkey_patch()\n"
        "import sys; from services.kernel.keyring import *; from services.kernel.sealing import Sealer\n"
        "from services.kernel.events import PersonKey\n"
        "keyring = Keyring(sys.argv[1], bytes(32)); sealer = Sealer(keyring)\n"
        "people = [PersonKey(f'p{n % 7}', 'relation') for n in range(60)]\n"
        "pool = eventlet.GreenPool()\n"
        "sealed = list(pool.imap(lambda who: sealer.seal('e', who, {'n': 1}), people))\n"
        "opened = list(pool.imap(lambda pair: sealer.unseal('e', *pair), zip(people, sealed)))\n"
        "assert opened == [{'n': 1}] * 60, opened\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script, any_database]
    subprocess.run(command, check=True, timeout=60, env=os.environ | {"PYTHONPATH": "."})

"""Personal data under its person's key: sealed where it is stored or sent, opened where it is used."""

import base64
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.events import PersonKey
from services.kernel.keyring import NONCE_BYTES, Keyring
from services.kernel.message import Message

OVERHEAD = NONCE_BYTES + 16  # what sealing adds to the length

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Damaged(Exception):
    """Sealed data that its own key does not open: changed, or moved from where it belongs."""


class Sealer:
    """Seals with AES-256-GCM. What is sealed opens only in its own place: `place` is an event's
    id, or whatever else names where the data belongs."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, event_id: str, who: PersonKey, fields: Mapping[str, Any]) -> str:
        """The fields as text; raises `Destroyed` when the person was forgotten."""
        return base64.b64encode(self.seal_bytes(event_id, who, _encode(fields))).decode()

    def unseal(self, event_id: str, who: PersonKey, sealed: str) -> dict[str, Any] | None:
        """The fields again, None when the person was forgotten."""
        opened = self.open_bytes(event_id, who, base64.b64decode(sealed))
        return None if opened is None else _decode(opened)

    def forgotten(self, who: PersonKey) -> bool:
        return self._keyring.find(who) is None

    def seal_bytes(self, place: str, who: PersonKey, content: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(self._keyring.key(who)).encrypt(nonce, content, _bound_to(place, who))

    def open_bytes(self, place: str, who: PersonKey, sealed: bytes) -> bytes | None:
        key = self._keyring.find(who)
        if key is None:
            return None
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound_to(place, who))
        except InvalidTag:
            raise Damaged(place) from None


def _bound_to(place: str, who: PersonKey) -> bytes:
    return f"{place}|{who}".encode()


def open_message(message: Message, sealer: Sealer) -> Message:
    """The message with its sealed fields among the others. Fields of a forgotten person are
    absent, and `erased` is true then."""
    if "sealed" not in message.data:
        return message
    data = {name: value for name, value in message.data.items() if name != "sealed"}
    for who, sealed in message.data["sealed"].items():
        fields = sealer.unseal(message.id, PersonKey.parse(who), sealed)
        data.update({"erased": True} if fields is None else fields)
    return replace(message, data=data)

"""The hash chain: each event's hash covers the one before it and the bytes that are stored.

Ciphertext of personal fields is covered through its digest, so that it can be
removed when a person is forgotten without breaking the chain.
"""

import hashlib
import struct
from typing import Any

GENESIS = bytes(32)

COVERED = (
    "position",
    "id",
    "stream",
    "version",
    "type",
    "schema_version",
    "payload",
    "personal_digest",
    "public",
    "previous",
    "actor",
    "correlation_id",
    "causation_id",
    "occurred_at",
    "recorded_at",
)

_length = struct.Struct(">I").pack


def digest_of(personal: str) -> bytes:
    return hashlib.sha256(personal.encode()).digest()


def link(previous_hash: bytes, covered: tuple[Any, ...]) -> bytes:
    """SHA-256 over the previous hash and the fields named in COVERED, in that order.

    Every field is preceded by its length in four bytes, big-endian; text is UTF-8,
    whole numbers are decimal, a boolean is 0 or 1, an absent field has length 0xFFFFFFFF.
    """
    parts = [previous_hash]
    for value in covered:
        if value is None:
            parts.append(b"\xff\xff\xff\xff")
            continue
        raw = value if isinstance(value, bytes) else str(int(value) if isinstance(value, bool) else value).encode()
        parts.append(_length(len(raw)))
        parts.append(raw)
    return hashlib.sha256(b"".join(parts)).digest()

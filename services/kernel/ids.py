"""Identifiers: UUID version 7, so that newer ones sort after older ones."""

from uuid_utils import uuid7


def new_id() -> str:
    return str(uuid7())

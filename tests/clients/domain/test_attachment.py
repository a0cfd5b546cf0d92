import hashlib
from dataclasses import replace

import pytest

from services.clients.commands.attachments import AttachFile
from services.clients.domain.attachment import (
    LARGEST,
    MOST_OF_ONE_PERSON,
    AttachmentRemovedAlready,
    AttachmentTooLarge,
    Owner,
    TooMuchAttached,
    attach_file,
    evolve,
    remove_attachment,
)
from services.clients.events.attachments import AttachmentAdded, AttachmentRemoved
from services.kernel.errors import Invalid
from services.kernel.events import PersonKey, Registry

PDF = b"%PDF-1.7\n"
HASH = hashlib.sha256(PDF).hexdigest()
ATTACH = AttachFile("interaction", "i-1", PDF, "../Протокол.pdf", "a-1")
OWNER = Owner("interaction", "i-1", "c-1", "c-1")
ADDED = AttachmentAdded("a-1", "interaction", "i-1", "c-1", "c-1", HASH, 9, "application/pdf", "Протокол.pdf")


def test_a_file_is_known_by_its_hash_size_type_and_a_name_without_folders():
    assert attach_file(ATTACH, OWNER, 0) == [ADDED]


def test_the_name_is_personal_to_whom_the_file_goes_with_and_to_nobody_without_one():
    types = Registry([AttachmentAdded])
    assert types.encode(ADDED).personal == {PersonKey("c-1", "relation"): {"file_name": "Протокол.pdf"}}
    assert types.encode(replace(ADDED, person=None)).personal == {}


def test_an_empty_file_is_refused():
    with pytest.raises(Invalid):
        attach_file(replace(ATTACH, content=b""), OWNER, 0)


def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_larger():
    largest = PDF + bytes(LARGEST - len(PDF))
    assert attach_file(replace(ATTACH, content=largest), OWNER, 0)[0].size == LARGEST
    with pytest.raises(AttachmentTooLarge):
        attach_file(replace(ATTACH, content=largest + b"\0"), OWNER, 0)


def test_all_that_goes_with_one_person_is_bounded():
    assert attach_file(ATTACH, OWNER, MOST_OF_ONE_PERSON - len(PDF))
    with pytest.raises(TooMuchAttached):
        attach_file(ATTACH, OWNER, MOST_OF_ONE_PERSON - len(PDF) + 1)


def test_what_is_attached_is_removed_once():
    attached = evolve(None, ADDED)
    removed = remove_attachment(attached)
    assert removed == [AttachmentRemoved("a-1", "interaction", "i-1", "c-1", "c-1", HASH)]
    with pytest.raises(AttachmentRemovedAlready):
        remove_attachment(evolve(attached, removed[0]))

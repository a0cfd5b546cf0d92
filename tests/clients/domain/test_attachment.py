import hashlib
from dataclasses import replace

import pytest

from services.clients.commands.attachments import AttachFile, AttachLink
from services.clients.domain.attachment import (
    LARGEST,
    MOST_OF_ONE_PERSON,
    AttachmentRemovedAlready,
    AttachmentTooLarge,
    Owner,
    TooMuchAttached,
    attach_file,
    attach_link,
    evolve,
    remove_attachment,
)
from services.clients.events.attachments import AttachmentRemoved, FileAttached, LinkAttached
from services.kernel.errors import Invalid
from services.kernel.events import PersonKey, Registry

PDF = b"%PDF-1.7\n"
HASH = hashlib.sha256(PDF).hexdigest()
ATTACH = AttachFile("interaction", "i-1", PDF, "../Протокол.pdf", "a-1")
OWNER = Owner("interaction", "i-1", "c-1", "c-1")
CLIENT = Owner("client", "c-1", "c-1", "c-1")
ADDED = FileAttached("a-1", "interaction", "i-1", "c-1", "c-1", HASH, 9, "application/pdf", "Протокол.pdf")


def test_a_file_is_known_by_its_hash_size_type_and_a_name_without_folders():
    assert attach_file(ATTACH, OWNER, 0) == [ADDED]


def test_where_a_link_leads_and_what_it_is_called_is_personal():
    linked = LinkAttached("a-2", "client", "c-1", "c-1", "c-1", "https://x.example/", "Каталог")
    assert attach_link(AttachLink("client", "c-1", "https://x.example/", "Каталог", "a-2"), CLIENT) == [linked]
    told = {"url": "https://x.example/", "title": "Каталог"}
    assert Registry([LinkAttached]).encode(linked).personal == {PersonKey("c-1", "relation"): told}


def test_the_name_is_personal_to_whom_the_file_goes_with_and_to_nobody_without_one():
    types = Registry([FileAttached])
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
    [linked] = attach_link(AttachLink("client", "c-1", "https://x.example/", "", "a-2"), CLIENT)
    assert remove_attachment(evolve(None, linked)) == [AttachmentRemoved("a-2", "client", "c-1", "c-1", "c-1", None)]
    with pytest.raises(AttachmentRemovedAlready):
        remove_attachment(evolve(attached, removed[0]))

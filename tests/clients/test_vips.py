"""Clients that matter most: who decides about them, and who may look after them."""

from dataclasses import replace
from typing import Any

import pytest

from services.kernel.rights import Rights
from tests.clients.test_card import create, found
from tests.clients.test_edits import ended
from tests.clients.test_interactions import user
from tests.clients.test_merges import get, merge, refused
from tests.system import System, call_context


def mark(system: System, client: Any, *, vip: bool = True) -> Any:
    version = get(system, client)["version"]
    return system.do("clients", "change_client_vip", {"client_id": client["id"], "vip": vip}, version)


def name(system: System, user_id: str) -> Any:
    return system.do("clients", "name_vip_manager", {"user_id": user_id})


def assign(system: System, client: Any, user_id: str | None) -> Any:
    asked = {"client_id": client["id"], "manager_id": user_id}
    return system.ask("clients", "assign_client", asked, call_context(version=get(system, client)["version"]))


@pytest.mark.capability("CL-29")
def test_a_vip_client_is_given_only_to_users_who_were_named_for_it(furnished):
    old_hand, newcomer = user(furnished), user(furnished)
    client = create(furnished)
    assert mark(furnished, client)["vip"] is True
    assert assign(furnished, client, newcomer)["problem"]["type"] == "not-for-vip"
    name(furnished, old_hand)
    assert assign(furnished, client, old_hand)["result"]["manager_id"] == old_hand
    assert client["id"] in found(furnished, "vip = true")
    theirs = create(furnished, manager_id=newcomer)
    told = furnished.refusal("clients", "change_client_vip", {"client_id": theirs["id"], "vip": True}, 1)
    assert told["type"] == "not-for-vip"


def test_many_clients_at_once_are_given_by_the_same_rule(furnished):
    newcomer = user(furnished)
    vip, plain = create(furnished), create(furnished)
    mark(furnished, vip)
    asked = {"client_ids": [vip["id"], plain["id"]], "manager_id": newcomer}
    furnished.react("clients")
    begun = furnished.do("clients", "assign_clients", asked)
    assert ended(furnished, begun)["counts"] == {"changed": 1, "refused": 1}
    assert (get(furnished, vip)["manager_id"], get(furnished, plain)["manager_id"]) == (None, newcomer)


def test_who_looks_after_vips_is_not_dismissed_before_they_are_given_to_somebody_else(furnished):
    manager = user(furnished)
    named = name(furnished, manager)
    assert name(furnished, manager)["version"] == named["version"]
    client = create(furnished, manager_id=manager)
    mark(furnished, client)
    asked = {"user_id": manager}
    told = furnished.refusal("clients", "dismiss_vip_manager", asked, named["version"])
    assert told["type"] == "looks-after-vips"
    mark(furnished, client, vip=False)
    assert furnished.do("clients", "dismiss_vip_manager", asked, named["version"])["named"] is False
    again = furnished.refusal("clients", "change_client_vip", {"client_id": client["id"], "vip": True}, 3)
    assert again["type"] == "not-for-vip"
    assert name(furnished, manager)["named"] is True


def test_nobody_is_named_who_is_no_user(furnished):
    assert furnished.refusal("clients", "name_vip_manager", {"user_id": "nobody"})["type"] == "unknown-user"


def test_a_vip_does_not_vanish_in_a_client_that_is_none(furnished):
    plain, vip = create(furnished), create(furnished)
    mark(furnished, vip)
    assert refused(furnished, plain, vip)["type"] == "vip-merged"
    mark(furnished, plain)
    assert merge(furnished, plain, vip)["vip"] is True


def test_a_vip_of_others_is_not_found(furnished):
    client = create(furnished, manager_id=user(furnished))
    context = replace(call_context(version=1), rights=Rights(users=frozenset([user(furnished)])))
    answer = furnished.ask("clients", "change_client_vip", {"client_id": client["id"], "vip": True}, context)
    assert answer["problem"]["type"] == "not-found"

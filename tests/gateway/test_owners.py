"""There is always an owner."""

import threading

import pytest

from tests.gateway.conftest import problem


@pytest.fixture(scope="module")
def others(web):
    """Owners besides the one whose key it is."""
    return [web.post("/v1/users", {"name": f"Владелец {n}", "role": "owner"}).get_json() for n in range(2)]


def test_an_owner_may_go_while_another_stays(web, others):
    first = others[0]
    assert web.post(f"/v1/users/{first['id']}/deactivate", version=1).status_code == 200


def test_of_two_owners_who_put_out_each_other_one_stays(web, others):
    me = web.access(web.key).actor
    both = [me, others[1]["id"]]
    keys = [web.system.do("gateway", "create_api_key", {"user_id": one, "name": "ключ"})["key"] for one in both]
    answers = [0, 0]

    def put_out(number):
        other = both[1 - number]
        answers[number] = web.post(f"/v1/users/{other}/deactivate", version=1, key=keys[number]).status_code

    threads = [threading.Thread(target=put_out, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) in ([200, 401], [200, 409])
    left = keys[answers.index(200)]
    [owner] = [
        one["id"]
        for one in web.get("/v1/users?limit=500", key=left).get_json()["items"]
        if one["role"] == "owner" and one["active"]
    ]
    problem(web.post(f"/v1/users/{owner}/deactivate", version=1, key=left), 409, "last-owner")
    problem(web.post(f"/v1/users/{owner}/role", {"role": "clerk"}, version=1, key=left), 409, "last-owner")
    assert web.get("/v1/users", key=left).status_code == 200

"""Calls between processes, over a real broker, in a process that is made green as services are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outcomes(rabbitmq):
    with rabbitmq.new_vhost() as vhost:
        command = [sys.executable, "-W", "ignore", "-m", "tests.kernel.rpc_caller", vhost.url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


def test_an_answer_comes_back_with_its_position_and_the_context_arrives_whole(outcomes):
    answer = outcomes["echo"]["answer"]
    assert answer["position"] == "answering:1"
    assert answer["result"]["arguments"] == {"name": "Ёж"}
    context = answer["result"]["context"]
    assert (context["actor"], context["principal"], context["correlation_id"]) == ("u", "p", "c")
    assert context["min_position"] == {"a": 5}


def test_a_refusal_is_raised_as_it_was_refused(outcomes):
    refused = outcomes["refuse"]
    assert (refused["error"], refused["status"]) == ("Refused", 404)
    assert refused["problem"]["type"] == "not-found"
    [error] = refused["problem"]["errors"]
    assert (error["field"], error["ru"], error["en"]) == ("id", "Не найдено: thing 5", "Not found: thing 5")


@pytest.mark.parametrize("call", ["crash", "slow", "too_late", "nobody"])
def test_no_answer_is_unavailable_with_the_advice_to_repeat(outcomes, call):
    silent = outcomes[call]
    assert (silent["error"], silent["status"]) == ("Unavailable", 503)
    assert "повторите с тем же ключом" in silent["problem"]["ru"]


def test_nobody_waits_longer_than_the_deadline(outcomes):
    assert outcomes["slow"]["seconds"] < 1.8
    assert outcomes["nobody"]["seconds"] < 5


def test_a_late_reply_disturbs_nobody_and_is_not_waited_for_any_more(outcomes):
    assert outcomes["after"]["answer"]["position"] == "answering:1"
    assert outcomes["waiting"] == 0

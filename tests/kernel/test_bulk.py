import threading
import time

import pytest

from services.kernel.bulk import WIDTH, alone, carry_out


def test_answers_come_in_the_order_of_the_items_whatever_takes_longer():
    def slow_at_first(item: int) -> int:
        time.sleep(0.05 if item == 0 else 0)
        return item * 10

    assert carry_out(range(40), alone, slow_at_first) == [item * 10 for item in range(40)]


def test_items_of_one_line_keep_their_order_and_those_of_others_do_not_wait():
    done: list[str] = []
    others_are_done = threading.Event()

    def do(item: str) -> None:
        if item == "a1":
            assert others_are_done.wait(5)
        done.append(item)
        if len(done) == 2:
            others_are_done.set()

    carry_out(["a1", "a2", "a3", "b1", "b2"], lambda item: item[0], do)
    assert [item for item in done if item[0] == "a"] == ["a1", "a2", "a3"]
    assert done[:2] == ["b1", "b2"]


def test_no_more_than_so_many_are_done_at_a_time_however_many_ask():
    now, most = 0, 0
    lock = threading.Lock()

    def do(_item: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1

    askers = [threading.Thread(target=carry_out, args=(range(50), alone, do)) for _ in range(3)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert most == WIDTH


def test_nothing_asked_is_nothing_done():
    assert carry_out([], alone, lambda item: item) == []


def test_what_goes_wrong_is_raised_when_the_others_are_done():
    done: list[int] = []

    def do(item: int) -> None:
        if item == 3:
            raise OSError("the database is away")
        done.append(item)

    with pytest.raises(OSError, match="away"):
        carry_out(range(40), alone, do)
    assert sorted(done) == [item for item in range(40) if item != 3]

import threading
import time

from services.kernel.signal import Signal


def test_it_only_grows():
    signal = Signal(3)
    signal.notify(5)
    signal.notify(4)
    assert signal.value == 5


def test_what_has_passed_already_is_not_waited_for():
    signal = Signal(5)
    assert signal.wait(4, timeout=0)
    assert not signal.wait(5, timeout=0)


def test_waiting_ends_after_its_time():
    began = time.monotonic()
    assert not Signal().wait(0, timeout=0.05)
    assert time.monotonic() - began >= 0.05


def test_a_lower_number_wakes_nobody():
    signal = Signal(5)
    threading.Timer(0.02, signal.notify, [3]).start()
    assert not signal.wait(5, timeout=0.1)


def test_each_waits_for_its_own_number():
    signal, woken = Signal(), []

    def wait(above):
        assert signal.wait(above, timeout=10)
        woken.append(above)

    threads = [threading.Thread(target=wait, args=(above,)) for above in (0, 1, 2, 2)]
    for thread in threads:
        thread.start()
    for value, expected in ((1, [0]), (2, [0, 1]), (3, [0, 1, 2, 2])):
        signal.notify(value)
        deadline = time.monotonic() + 5
        while len(woken) < len(expected) and time.monotonic() < deadline:
            time.sleep(0.001)
        assert sorted(woken) == expected
    for thread in threads:
        thread.join()


def test_no_wake_is_lost_between_two_that_answer_each_other():
    ping, pong = Signal(), Signal()

    def answer():
        for n in range(500):
            assert ping.wait(n, timeout=10)
            pong.notify(n + 1)

    thread = threading.Thread(target=answer)
    thread.start()
    for n in range(500):
        ping.notify(n + 1)
        assert pong.wait(n, timeout=10)
    thread.join()

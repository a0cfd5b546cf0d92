import sys
import threading
import time
from typing import Any

import pytest

from services.kernel.store.claims import Appended, StoreUnavailable
from services.kernel.store.rows import Draft
from services.kernel.store.writer import BATCH_JOBS, BATCH_WEIGHT, WAITING_JOBS, Job, Writer
from tests.kernel.store.samples import one


def job(n=0, payload=""):
    return Job(one("a:1", n, n), [Draft("id", "a:1", "Opened", 1, payload, None, None, False)])


def admit(jobs):
    for each in jobs:
        each.result = Appended(each.append.streams[0].expected_version)


class Recording:
    """Admits every batch and remembers what was in it."""

    def __init__(self):
        self.batches = []

    def __call__(self, jobs):
        self.batches.append([each.append.streams[0].expected_version for each in jobs])
        admit(jobs)

    @property
    def sizes(self):
        return [len(batch) for batch in self.batches]


class Callers:
    """Threads that submit jobs to a writer which is kept from writing until `go`."""

    def __init__(self, writer, jobs):
        self.results: list[Any] = [None] * len(jobs)
        self._writer = writer
        self._threads = [threading.Thread(target=self._submit, args=(n, each)) for n, each in enumerate(jobs)]

    def _submit(self, n, each):
        try:
            self.results[n] = self._writer.submit(each)
        except BaseException as error:
            self.results[n] = error

    def go(self):
        with self._writer.hold():
            for n, thread in enumerate(self._threads):
                thread.start()
                while len(self._writer._gathered) <= n:
                    time.sleep(0.001)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        return self.results


def positions(results):
    return [result.position for result in results]


def test_a_lone_caller_writes_its_own():
    write = Recording()
    assert Writer(write).submit(job(7)).position == 7
    assert write.batches == [[7]]


def test_what_has_gathered_is_written_together_in_order_of_arrival():
    write = Recording()
    assert positions(Callers(Writer(write), [job(n) for n in range(20)]).go()) == list(range(20))
    assert write.batches == [list(range(20))]


def test_a_batch_is_bounded_in_number():
    write = Recording()
    Callers(Writer(write), [job(n) for n in range(BATCH_JOBS + 10)]).go()
    assert write.sizes == [BATCH_JOBS, 10]


def test_a_batch_is_bounded_in_weight():
    write = Recording()
    heavy = "x" * (BATCH_WEIGHT // 2)
    Callers(Writer(write), [job(n, heavy) for n in range(5)]).go()
    assert write.sizes == [2, 2, 1]


def test_too_many_waiting_are_refused_clearly():
    writer = Writer(admit)
    writer._gathered.extend(job() for _ in range(WAITING_JOBS))
    with pytest.raises(StoreUnavailable) as caught:
        writer.submit(job())
    assert caught.value.status == 503
    assert len(writer._gathered) == WAITING_JOBS


def test_a_bad_append_fails_alone():
    def write(jobs):
        for each in jobs:
            if each.append.streams[0].expected_version % 3 == 0:
                raise ValueError(each.append.streams[0].expected_version)
        admit(jobs)

    results = Callers(Writer(write), [job(n) for n in range(7)]).go()
    assert [result.position for result in results if isinstance(result, Appended)] == [1, 2, 4, 5]
    assert [result.args for result in results if isinstance(result, ValueError)] == [(0,), (3,), (6,)]


def test_what_was_written_before_a_failure_is_not_written_again():
    seen = []

    def write(jobs):
        seen.append(len(jobs))
        admit(jobs[:2])
        if len(jobs) > 1:
            raise ValueError
        admit(jobs)

    assert positions(Callers(Writer(write), [job(n) for n in range(4)]).go()) == [0, 1, 2, 3]
    assert seen == [4, 1, 1]


class Killed(BaseException):
    pass


def test_a_killed_writer_takes_nobody_with_it():
    batches = []

    def write(jobs):
        batches.append([each.append.streams[0].expected_version for each in jobs])
        if len(batches) == 1:
            raise Killed
        admit(jobs)

    results = Callers(Writer(write), [job(n) for n in range(5)]).go()
    killed = [n for n, result in enumerate(results) if isinstance(result, Killed)]
    assert len(killed) == 1
    others = [n for n in range(5) if n not in killed]
    assert positions(results[n] for n in others) == others
    assert batches[0] == [0, 1, 2, 3, 4]
    assert sorted(n for batch in batches[1:] for n in batch) in (others, list(range(5)))


def test_a_killed_writer_that_was_alone_leaves_nothing_behind():
    def write(jobs):
        raise Killed

    writer = Writer(write)
    with pytest.raises(Killed):
        writer.submit(job())
    assert not writer._gathered
    assert not writer._writing.locked()


def test_a_result_given_before_the_kill_stands():
    def write(jobs):
        admit(jobs)
        if jobs[0].append.streams[0].expected_version == 0:
            raise Killed

    results = Callers(Writer(write), [job(n) for n in range(3)]).go()
    assert sorted(type(result).__name__ for result in results) == ["Appended", "Appended", "Killed"]


def test_no_append_is_dropped_between_threads():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    write = Recording()
    writer = Writer(write)

    def call(first):
        for n in range(first, first + 1000):
            assert writer.submit(job(n)).position == n

    threads = [threading.Thread(target=call, args=(1000 * n,), daemon=True) for n in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
    finally:
        sys.setswitchinterval(interval)
    assert sorted(n for batch in write.batches for n in batch) == list(range(8000))

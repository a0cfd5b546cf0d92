import threading
import time

import pytest

from gateway import news as gateway_news
from gateway.news import News
from services.kernel.errors import Unavailable


class Reporting:
    """Answers as reporting does: at once when there is something new, otherwise after a while."""

    def __init__(self):
        self.head, self.asked, self.at_a_time, self.most = "", 0, 0, 0
        self.away = False

    def __call__(self, service, method, arguments, context):
        assert (service, method) == ("reporting", "await_events")
        self.asked += 1
        self.at_a_time += 1
        self.most = max(self.most, self.at_a_time)
        try:
            if self.away:
                raise Unavailable(service=service)
            until = time.monotonic() + 0.1
            while self.head == arguments["after"] and time.monotonic() < until:
                time.sleep(0.001)
            return {"result": {"head": self.head}}
        finally:
            self.at_a_time -= 1


@pytest.fixture
def reporting():
    return Reporting()


def waiting(news, readers, seconds):
    """Threads of readers, and how many of them have been woken."""
    woken: list[float] = []
    seen = news.number

    def read() -> None:
        news.wait(seen, seconds)
        woken.append(time.monotonic())

    threads = [threading.Thread(target=read) for _ in range(readers)]
    for thread in threads:
        thread.start()
    return threads, woken


def test_all_who_wait_are_woken_by_one_question(reporting):
    news = News(reporting)
    threads, woken = waiting(news, 50, 60)
    time.sleep(0.2)
    assert not woken
    reporting.head = "further"
    for thread in threads:
        thread.join(30)
    assert len(woken) == 50
    assert reporting.most == 1


def test_nobody_is_asked_while_nobody_waits(reporting):
    news = News(reporting)
    news.wait(news.number, 0.01)
    while news._asking:
        time.sleep(0.01)
    asked = reporting.asked
    time.sleep(0.3)
    assert reporting.asked == asked


def test_what_came_before_the_waiting_began_but_after_the_reading_is_news(reporting):
    news = News(reporting)
    seen = news.number
    reporting.head = "further"
    news.wait(seen, 60)
    assert news.number > seen


def test_reporting_away_is_waited_out(reporting, monkeypatch):
    monkeypatch.setattr(gateway_news, "PAUSE", 0.01)
    news, reporting.away = News(reporting), True
    threads, woken = waiting(news, 1, 60)
    time.sleep(0.1)
    assert not woken
    reporting.head, reporting.away = "further", False
    threads[0].join(30)
    assert woken

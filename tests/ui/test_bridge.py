"""Events from any thread come to the main thread in order; timers post once."""

import threading

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from petition.events import TimerElapsed
from ui.bridge import Bridge, Timers

pytestmark = pytest.mark.usefixtures("application")


def test_events_of_other_threads_are_handled_on_the_main_one_in_order(application: QApplication) -> None:
    handled: list[tuple[object, int]] = []
    bridge = Bridge(lambda event: handled.append((event, threading.get_ident())))

    def post_all() -> None:
        for i in range(100):
            bridge.post(i)

    worker = threading.Thread(target=post_all)
    worker.start()
    worker.join()
    assert handled == []
    application.processEvents()
    assert handled == [(i, threading.get_ident()) for i in range(100)]


def test_an_event_posted_while_one_is_handled_comes_after_it(application: QApplication) -> None:
    handled: list[object] = []

    def handle(event: object) -> None:
        handled.append(event)
        if event == "first":
            bridge.post("second")
            handled.append("end of first")

    bridge = Bridge(handle)
    bridge.post("first")
    for _ in range(2):
        application.processEvents()
    assert handled == ["first", "end of first", "second"]


def test_a_closed_bridge_delivers_nothing_more(application: QApplication) -> None:
    handled: list[object] = []
    bridge = Bridge(handled.append)
    bridge.post(1)
    bridge.close()
    application.processEvents()
    assert handled == []


def _wait_for(posted: list[object], count: int) -> None:
    loop = QEventLoop()
    timeout = QTimer()
    timeout.setSingleShot(True)
    timeout.timeout.connect(loop.quit)
    timeout.start(5000)
    while len(posted) < count and timeout.isActive():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    assert len(posted) >= count


def test_a_timer_posts_its_name_once() -> None:
    posted: list[object] = []
    timers = Timers(posted.append)
    timers.set("idle", 0.01)
    _wait_for(posted, 1)
    assert posted == [TimerElapsed(name="idle")]


def test_setting_a_timer_again_starts_it_over() -> None:
    posted: list[object] = []
    timers = Timers(posted.append)
    timers.set("idle", 0.01)
    timers.set("idle", 0.02)
    timers.set("warning", 0.05)
    _wait_for(posted, 2)
    assert posted == [TimerElapsed(name="idle"), TimerElapsed(name="warning")]


def test_a_cancelled_timer_is_silent() -> None:
    posted: list[object] = []
    timers = Timers(posted.append)
    timers.set("idle", 0.01)
    timers.set("warning", 0.01)
    timers.cancel("idle")
    timers.cancel("never set")
    _wait_for(posted, 1)
    timers.set("idle", 0.001)
    timers.cancel_all()
    loop = QEventLoop()
    QTimer.singleShot(20, loop.quit)
    loop.exec()
    assert posted == [TimerElapsed(name="warning")]

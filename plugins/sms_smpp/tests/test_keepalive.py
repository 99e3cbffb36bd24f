"""When silence is asked about."""

from collections.abc import Callable
from typing import Any

from gateway_sms_smpp.keepalive import KeepAlive


class Clock:
    """The part of a loop that timers use, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], None]) -> "Clock":
        self._due.append((self.now + delay, call))
        return self

    def cancel(self) -> None:
        self._due.clear()

    def move_to(self, time: float) -> None:
        while self._due and min(due for due, _ in self._due) <= time:
            first = min(self._due, key=lambda timer: timer[0])
            self._due.remove(first)
            self.now = first[0]
            first[1]()
        self.now = time


def _watched() -> tuple[Any, KeepAlive, list[float]]:
    clock: Any = Clock()
    asked: list[float] = []
    keepalive = KeepAlive(clock, 30, lambda: asked.append(clock.now))
    keepalive.start()
    return clock, keepalive, asked


def test_silence_is_asked_about_once_an_interval() -> None:
    clock, _, asked = _watched()
    clock.move_to(95)
    assert asked == [30, 60, 90]


def test_traffic_is_a_sign_of_life() -> None:
    clock, keepalive, asked = _watched()
    for second in range(10, 100, 10):
        clock.move_to(second)
        keepalive.heard()
    clock.move_to(119)
    assert asked == []
    clock.move_to(120)
    assert asked == [120]


def test_while_nothing_is_read_silence_means_nothing() -> None:
    clock, keepalive, asked = _watched()
    keepalive.deaf(True)
    clock.move_to(65)
    keepalive.deaf(False)
    clock.move_to(94)
    assert asked == []
    clock.move_to(95)
    assert asked == [95]


def test_stopped_it_asks_no_more() -> None:
    clock, keepalive, asked = _watched()
    keepalive.stop()
    clock.move_to(300)
    assert asked == []

"""Slots of the window, also when those who wait give up."""

import asyncio

import pytest

from gateway_sms_smpp.failures import WindowFullError
from gateway_sms_smpp.window import FIRST_REST, Window


def _window(size: int, patience: float = 30.0) -> Window:
    return Window(asyncio.get_running_loop(), size, patience)


async def _wait(window: Window) -> "asyncio.Task[None]":
    waiting = asyncio.create_task(window.take())
    await asyncio.sleep(0)
    return waiting


async def test_slots_are_given_in_the_order_they_are_asked_for() -> None:
    window = _window(1)
    await window.take()
    first, second = await _wait(window), await _wait(window)

    window.give()
    await first
    assert not second.done()
    window.give()
    await second


async def test_who_gives_up_waiting_is_passed_over() -> None:
    window = _window(1)
    await window.take()
    first, second = await _wait(window), await _wait(window)
    first.cancel()

    window.give()
    await second


async def test_who_gives_up_just_as_it_is_their_turn_passes_it_on() -> None:
    window = _window(1)
    await window.take()
    first, second = await _wait(window), await _wait(window)

    window.give()
    first.cancel()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_patience_ends_and_the_slot_stays_whole() -> None:
    window = _window(1, patience=0.02)
    await window.take()
    early, later = await _wait(window), await _wait(window)
    for waiting in (early, later):
        with pytest.raises(WindowFullError):
            await waiting

    window.give()
    await window.take()
    with pytest.raises(WindowFullError):
        await window.take()


async def test_it_narrows_by_half_and_widens_one_by_one() -> None:
    window = _window(8)
    widths = []
    for _ in range(5):
        window.throttled()
        widths.append(window.width)
        window.close()
    assert widths == [4, 2, 1, 1, 1], "never less than one"

    widths = []
    for _ in range(9):
        window.accepted()
        widths.append(window.width)
    assert widths == [2, 2, 2, 3, 3, 3, 4, 4, 4], "about a window full of accepted requests for each step"
    for _ in range(99):
        window.accepted()
    assert window.width == 8


async def test_while_it_rests_nothing_is_given_out() -> None:
    window = _window(4)
    await window.take()
    window.throttled()
    assert window.rests
    first, second, third = [await _wait(window) for _ in range(3)]
    window.give()
    assert not first.done()

    window.close()

    await first
    await second
    assert not third.done(), "two at once is what is left of four"
    window.give()
    await third


async def test_what_was_on_the_wire_then_asks_for_no_more() -> None:
    window = _window(8)
    window.throttled()
    window.throttled()
    assert window.width == 4
    window.close()


async def test_rest_ends_by_itself() -> None:
    loop = asyncio.get_running_loop()
    window = _window(2)
    window.throttled()
    begun = loop.time()
    await window.take()
    assert loop.time() - begun >= FIRST_REST * 0.9
    assert not window.rests

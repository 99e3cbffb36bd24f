"""Slots of the window, also when those who wait give up."""

import asyncio

import pytest

from gateway_sms_smpp.failures import WindowFullError
from gateway_sms_smpp.window import Window


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
